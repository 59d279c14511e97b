"""What FHIR's date prefixes mean of whole days, whatever the value."""

from datetime import UTC, date, datetime

from anon_data.fhir.days import day_filter
from anon_data.fhir.tokens import Token, plain, split, tokens
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@st.composite
def values(draw: st.DrawFn) -> str:
    """A year, a month, a day, or a time of a day."""
    day = draw(DAYS)
    form = draw(st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT12:30", "%Y-%m-%dT23:59:59Z", "%Y-%m-%dT00:00:00.5+09:00"]))
    return day.strftime(form)


def admitted(text: str, day: date) -> bool:
    found = day_filter(text, NOW)
    assert found is not None
    return found(day)


@given(value=values(), day=DAYS)
def test_prefixes_hold_together(value: str, day: date) -> None:
    """Equal or not; at least is after or equal; wholly after is after; each is the mirror of its opposite."""
    said = {prefix: admitted(prefix + value, day) for prefix in ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")}

    assert said["eq"] is not said["ne"]
    assert (said["ge"], said["le"]) == (said["gt"] or said["eq"], said["lt"] or said["eq"])
    assert said["gt"] >= said["sa"]
    assert said["lt"] >= said["eb"]
    assert not (said["sa"] and said["eb"])
    assert said["ap"] >= said["eq"]
    assert said["eq"] is admitted(value, day)


@given(day=DAYS, other=DAYS)
def test_days_compare_as_days(day: date, other: date) -> None:
    """Between two days the prefixes are the comparisons of their names."""
    said = tuple(admitted(prefix + other.isoformat(), day) for prefix in ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"))

    assert said == (day == other, day != other, day > other, day < other, day >= other, day <= other, day > other, day < other)


@given(text=st.text(max_size=30) | st.from_regex(r"[a-z]{0,2}[0-9]{4}(-[0-9]{2}){0,3}(T[0-9:.]*)?(Z|[+-][0-9:]*)?"))
def test_no_text_breaks_it(text: str) -> None:
    """Any text is a value or is none, and a token or none."""
    found = day_filter(text, NOW)
    assert found is None or found(date(2026, 1, 1)) in (True, False)
    assert all(isinstance(one, Token) for one in tokens(text) or [])


@given(parts=st.lists(st.text("ab,|$\\", max_size=5), min_size=1, max_size=4))
def test_escaped_parts_come_back(parts: list[str]) -> None:
    """What was escaped and joined is split into the same parts."""
    escaped = ["".join(f"\\{character}" if character in ",|$\\" else character for character in part) for part in parts]

    assert [plain(one) for one in split(",".join(escaped), ",")] == parts
