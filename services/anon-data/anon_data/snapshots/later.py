"""What followed: whether somebody who should see a doctor did, and whether who read in the portal goes on reading.

Months of visits are looked at here and stay here: a level leaves.
"""

from dataclasses import dataclass

import numpy as np
from analysis.coded import Coded, Flags, Numbers, each

WITHIN = {"doctor_3_months": 3, "doctor_10_months": 10}
"""Facts, and within how many months after the month of the checkup (協会けんぽ counts ten)."""
MONTHLY = 6
"""Weeks of 26 in which somebody read something, from which on that is once a month."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Whether there are medical claims, by month and person; `months` are all of which there are any claims, in order."""

    seen: Flags
    months: Numbers

    @property
    def until(self) -> int:
        """The last month with claims."""
        return int(self.months.max(initial=0))

    def within(self, months: int, person: Numbers, month: Numbers) -> Flags:
        """Return who has claims of so many months after theirs."""
        found = np.zeros(len(person), np.bool_)
        for after in range(1, months + 1):
            at = np.searchsorted(self.months, month + after)
            there = np.flatnonzero(np.isin(month + after, self.months))
            found[there] |= self.seen[at[there], person[there]]
        return found


def doctor_seen(urgency: Coded, person: Numbers, examined: Numbers, visits: Visits) -> dict[str, Coded]:
    """Return, of who was told to see a doctor, whether there are medical claims of the months after the checkup.

    The checkup's own month does not count: its claim may be older. Until there are claims of all of these months nothing is said.
    """
    told = urgency.where(lambda call: call in {"first", "second"})
    found = {}
    for fact, months in WITHIN.items():
        asked = np.flatnonzero(told & (examined + months <= visits.until))
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
