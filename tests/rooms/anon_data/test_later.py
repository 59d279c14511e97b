"""What followed a checkup, and reading in the portal: levels of half-years and months."""

from datetime import date

import numpy as np
import pytest
from analysis.coded import Coded
from anon_data.snapshots.later import Visits, doctor_seen, portal_use

JUNE = date(2025, 6, 1)


def followed(urgency: str | None, visits: list[date], until: date | None) -> dict[str, str]:
    """Return what is said of somebody who was examined in June."""
    months = sorted({_month(day) for day in (*visits, *filter(None, [until]))})
    seen = [[month in {_month(day) for day in visits}] for month in months]
    known = Visits(np.array(seen, np.bool_).reshape(-1, 1), np.array(months, np.int64))
    return _said(doctor_seen(Coded.same(urgency, 1), np.array([0]), np.array([_month(JUNE)]), known))


def _said(columns: dict[str, Coded]) -> dict[str, str]:
    named = {name: column.values[column.number[0]] for name, column in columns.items()}
    return {name: level for name, level in named.items() if level is not None}


def _month(day: date) -> int:
    return 12 * day.year + day.month - 1


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
    said = followed("first", visits, until)

    assert (said.get("doctor_3_months"), said.get("doctor_10_months")) == expected


def test_of_whom_nothing_is_said() -> None:
    """Who was not told to see a doctor, and everybody while there are no claims at all."""
    visits = [date(2025, 7, 1)]

    assert [followed(said, visits, date(2026, 4, 1)) for said in ("none", None)] == [{}, {}]
    assert followed("second", [], None) == {}


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
    assert _said(portal_use(*(Coded.same(number, 1) for number in (halves, weeks, before)))) == expected
