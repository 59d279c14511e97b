"""What followed: whether somebody who should see a doctor did, and whether who read in the portal goes on reading.

Months of visits are looked at here and stay here: a level leaves.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

Row = Mapping[str, Any]
WITHIN = {"doctor_3_months": 3, "doctor_10_months": 10}
"""Facts, and within how many months after the month of the checkup (協会けんぽ counts ten)."""
MONTHLY = 6
"""Weeks of 26 in which somebody read something, from which on that is once a month."""


def doctor_seen(urgency: str | None, examined: date | None, visits: Sequence[Row], claims_until: date | None) -> Mapping[str, str]:
    """Return, of who was told to see a doctor, whether there are medical claims of the months after the checkup.

    The checkup's own month does not count: its claim may be older. Until there are claims of all of these months nothing is said.
    """
    if urgency not in {"first", "second"} or examined is None or claims_until is None:
        return {}
    later = [_months(row["month"]) - _months(examined) for row in visits]
    passed = _months(claims_until) - _months(examined)
    return {
        fact: "yes" if any(1 <= after <= months for after in later) else "no" for fact, months in WITHIN.items() if passed >= months
    }


def portal_use(row: Row) -> Iterator[tuple[str, str]]:
    """Yield how often somebody read something in the last half-year, and whether in the one before, as far as they agreed to it."""
    if row["halves"] >= 1:
        yield "portal_use", "monthly" if row["weeks"] >= MONTHLY else "some" if row["weeks"] else "none"
    if row["halves"] == 2:  # both
        yield "portal_before", "yes" if row["weeks_before"] else "no"


def _months(day: date) -> int:
    return 12 * day.year + day.month
