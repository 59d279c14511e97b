"""The ministry's limits: bands by value, sex and year, and changes between two checkups."""

from decimal import Decimal

import pytest
from health import MINISTRY_2024, TABLES, Band, Change, Number, Sex, changes, grades, table_of
from health.items import by_name
from hypothesis import given
from hypothesis import strategies as st

# Item and sex, then the last value within, the first for guidance, the last for guidance, the first for seeing a doctor.
PUBLISHED: list[tuple[str, Sex, str, str, str, str]] = [
    ("systolic-blood-pressure", "male", "129", "130", "139", "140"),
    ("diastolic-blood-pressure", "male", "84", "85", "89", "90"),
    ("triglycerides-fasting", "male", "149", "150", "299", "300"),
    ("triglycerides-casual", "male", "174", "175", "299", "300"),
    ("hdl-cholesterol", "male", "40", "39", "10", ""),
    ("ldl-cholesterol", "male", "119", "120", "139", "140"),
    ("non-hdl-cholesterol", "male", "149", "150", "169", "170"),
    ("glucose-fasting", "male", "99", "100", "125", "126"),
    ("glucose-casual", "male", "99", "100", "125", "126"),
    ("hba1c-ngsp", "male", "5.5", "5.6", "6.4", "6.5"),
    ("ast", "male", "30", "31", "50", "51"),
    ("alt", "male", "30", "31", "50", "51"),
    ("gamma-gt", "male", "50", "51", "100", "101"),
    ("egfr", "male", "60.0", "59.9", "45.0", "44.9"),
    ("hemoglobin", "male", "13.1", "13.0", "12.1", "12.0"),
    ("hemoglobin", "female", "12.1", "12.0", "11.1", "11.0"),
]


def number(item: str, value: str) -> Number:
    return Number(by_name()[item][0].code, Decimal(value))


def band(item: str, value: str, sex: Sex | None = "male", year: int = 2026) -> Band | None:
    found = grades({item: number(item, value)}, sex=sex, fiscal_year=year)
    return found[0].band if found else None


@pytest.mark.parametrize(("item", "sex", "within", "guidance", "last", "referral"), PUBLISHED)
def test_bands(item: str, sex: Sex, within: str, guidance: str, last: str, referral: str) -> None:
    """Both sides of both limits are where the ministry's table puts them."""
    found = [band(item, value, sex) for value in (within, guidance, last, referral) if value]

    assert found == ["within", "guidance", "guidance", "referral"][: len(found)]


def test_every_item_is_checked_against_the_publication() -> None:
    """The list above has every limit of the table, and the item table every item of it."""
    assert [limits.item for limits in MINISTRY_2024.limits] == [item for item, *_ in PUBLISHED]
    assert [limits.item for limits in MINISTRY_2024.limits if limits.item not in by_name()] == []


def test_validity() -> None:
    """The table holds for the fourth term; before and after it nothing is known, and no two tables hold at once."""
    assert [table_of(year) is not None for year in (2023, 2024, 2029, 2030)] == [False, True, True, False]
    assert [band("ast", "60", year=year) for year in (2023, 2024)] == [None, "referral"]
    assert max(sum(table.first_year <= year <= table.last_year for table in TABLES) for year in range(2008, 2050)) == 1


def test_unknown_sex() -> None:
    """Without a known sex a value is graded where both sexes agree, and not where they do not."""
    assert [band("hemoglobin", value, None) for value in ("13.1", "12.5", "11.0")] == ["within", None, "referral"]


def test_grades_say_what_they_rest_on() -> None:
    """A grade has the value, the limits and the table's name; items without limits have none."""
    found = grades({"ast": number("ast", "31"), "body-weight": number("body-weight", "70")}, sex="female", fiscal_year=2025)

    assert [(one.item, one.band, one.table, one.limits.guidance, one.number.value) for one in found] == [
        ("ast", "guidance", "mhlw-2024", Decimal(31), Decimal(31))
    ]


@given(limits=st.sampled_from(MINISTRY_2024.limits), low=st.decimals(0, 400, places=1), step=st.decimals(0, 100, places=1))
def test_bands_are_monotone(limits: object, low: Decimal, step: Decimal) -> None:
    """Further in an item's bad direction is never a milder band."""
    assert isinstance(limits, type(MINISTRY_2024.limits[0]))
    order = ("within", "guidance", "referral")
    ends = (low, low + step) if limits.side == "at-least" else (low + step, low)

    assert order.index(limits.band(ends[0])) <= order.index(limits.band(ends[1]))


def test_changes() -> None:
    """What both checkups have is compared by value and direction, in the item table's order."""
    mean, first = (item.code for item in by_name()["systolic-blood-pressure"] if item.method in ("other", "first"))
    before = {
        "systolic-blood-pressure": Number(mean, Decimal(130)),
        "body-weight": number("body-weight", "70.5"),
        "alt": number("alt", "30"),
        "ast": number("ast", "30"),
        "gamma-gt": Number("3B090000002327101", Decimal(1000), "above"),
    }
    after = {
        "gamma-gt": number("gamma-gt", "900"),
        "alt": number("alt", "30"),
        "systolic-blood-pressure": Number(first, Decimal(140)),
        "body-weight": number("body-weight", "69.0"),
        "hba1c-ngsp": number("hba1c-ngsp", "5.5"),
    }

    def change(item: str, difference: str, direction: str, other_method: bool) -> Change:
        return Change(item, before[item], after[item], Decimal(difference), direction, other_method)  # type: ignore[arg-type]  # a text

    assert changes(before, after) == (
        change("body-weight", "-1.5", "down", False),
        change("systolic-blood-pressure", "10", "up", True),
        change("alt", "0", "same", False),
    )
