"""How far a member has come in an individual program."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from protocol.messages.challenges import Challenge


@dataclass(frozen=True)
class Progress:
    """What is done, and whether it is enough."""

    done: int
    streak: int
    reached: bool


def of_days(challenge: Challenge, days: Iterable[date]) -> Progress:
    """Return how far days lead; those outside the program do not count."""
    counted = {day for day in days if challenge.first <= day <= challenge.last}
    return Progress(len(counted), longest_run(counted), len(counted) >= challenge.goal)


def of_steps(challenge: Challenge, totals: Mapping[date, int]) -> Progress:
    """Return how far day totals lead."""
    needed = challenge.goal_steps or 0
    return of_days(challenge, (day for day, steps in totals.items() if steps >= needed))


def longest_run(days: Iterable[date]) -> int:
    """Return the length of the longest run of days without a gap."""
    there, longest = set(days), 0
    for day in there:
        if day - timedelta(days=1) not in there:
            length = 1
            while day + timedelta(days=length) in there:
                length += 1
            longest = max(longest, length)
    return longest
