"""What followed: whether somebody who should see a doctor did, and whether who read in the portal goes on reading.

Months of visits are looked at here and stay here: a level leaves.
"""

import numpy as np
from analysis.coded import Coded, Flags, Numbers, each

WITHIN = {"doctor_3_months": 3, "doctor_10_months": 10}
"""Facts, and within how many months after the month of the checkup (協会けんぽ counts ten)."""
MONTHLY = 6
"""Weeks of 26 in which somebody read something, from which on that is once a month."""


class Visits:
    """In which months there are medical claims of each of so many people, of which the last month with any claims is `until`."""

    def __init__(self, person: Numbers, month: Numbers, people: int, until: int | None) -> None:
        self.until = until
        self._first = int(month.min()) if len(month) else 0
        self._seen = np.zeros((people, int(month.max(initial=self._first)) - self._first + 1), np.bool_)
        self._seen[person, month - self._first] = True

    def within(self, months: int, person: Numbers, month: Numbers) -> Flags:
        """Return who has claims of so many months after theirs."""
        seen = np.zeros(len(person), np.bool_)
        for after in range(1, months + 1):
            at = month + after - self._first
            there = (at >= 0) & (at < self._seen.shape[1])
            seen[there] |= self._seen[person[there], at[there]]
        return seen


def doctor_seen(urgency: Coded, person: Numbers, examined: Numbers, visits: Visits) -> dict[str, Coded]:
    """Return, of who was told to see a doctor, whether there are medical claims of the months after the checkup.

    The checkup's own month does not count: its claim may be older. Until there are claims of all of these months nothing is said.
    """
    told = urgency.where(lambda call: call in {"first", "second"})
    found = {}
    for fact, months in WITHIN.items():
        asked = np.flatnonzero(told & (examined + months <= (visits.until or 0)))
        seen = visits.within(months, person[asked], examined[asked])
        found[fact] = Coded(seen.astype(np.int64), ("no", "yes")).spread(asked, len(person))
    return found


def portal_use(halves: Coded, weeks: Coded, weeks_before: Coded) -> dict[str, Coded]:
    """Return how often somebody read in the last half-year, and whether in the one before, as far as they agreed to it."""
    return {"portal_use": each(_how_often, halves, weeks), "portal_before": each(_before, halves, weeks_before)}


def _how_often(halves: int, weeks: int) -> str | None:
    return None if halves < 1 else "monthly" if weeks >= MONTHLY else "some" if weeks else "none"


def _before(halves: int, weeks: int) -> str | None:
    both = halves == 2
    return None if not both else "yes" if weeks else "no"
