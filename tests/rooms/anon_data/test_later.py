"""What followed a checkup, and reading in the portal: levels of half-years and months."""

from datetime import date

import pytest
from anon_data.snapshots.later import doctor_seen, portal_use

JUNE = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("visits", "until", "expected"),
    [
        ([], date(2026, 4, 1), ("no", "no")),
        ([date(2025, 6, 1), date(2025, 5, 1)], date(2026, 4, 1), ("no", "no")),
        ([date(2025, 7, 1)], date(2026, 4, 1), ("yes", "yes")),
        ([date(2025, 9, 1)], date(2026, 4, 1), ("yes", "yes")),
        ([date(2025, 10, 1)], date(2026, 4, 1), ("no", "yes")),
        ([date(2026, 4, 1)], date(2026, 4, 1), ("no", "yes")),
        ([date(2026, 5, 1)], date(2026, 5, 1), ("no", "no")),
        ([date(2025, 7, 1)], date(2026, 3, 1), ("yes", None)),
        ([date(2025, 7, 1)], date(2025, 8, 1), (None, None)),
    ],
)
def test_whether_a_doctor_was_seen(visits: list[date], until: date, expected: tuple[str | None, ...]) -> None:
    """From the month after the checkup to the third or tenth, once there are claims of all of them."""
    said = doctor_seen("first", JUNE, [{"month": month} for month in visits], until)

    assert (said.get("doctor_3_months"), said.get("doctor_10_months")) == expected


def test_of_whom_nothing_is_said() -> None:
    """Who was not told to see a doctor, and everybody while there are no claims at all."""
    visits = [{"month": date(2025, 7, 1)}]

    assert [doctor_seen(said, JUNE, visits, date(2026, 4, 1)) for said in ("none", None)] == [{}, {}]
    assert doctor_seen("second", JUNE, [], None) == {}


@pytest.mark.parametrize(
    ("halves", "weeks", "before", "expected"),
    [
        (2, 0, 26, {"portal_use": "none", "portal_before": "yes"}),
        (2, 5, 0, {"portal_use": "some", "portal_before": "no"}),
        (2, 6, 1, {"portal_use": "monthly", "portal_before": "yes"}),
        (1, 6, 1, {"portal_use": "monthly"}),
        (0, 6, 0, {}),
    ],
)
def test_how_often_the_portal_is_read(halves: int, weeks: int, before: int, expected: dict[str, str]) -> None:
    """Of each half-year only while the consent lasted for all of it."""
    assert dict(portal_use({"halves": halves, "weeks": weeks, "weeks_before": before})) == expected
