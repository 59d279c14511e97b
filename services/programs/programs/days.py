"""The insurer's own calendar day: entry windows, freezes and snapshots go by Japan's clock, walked days by the walkers' own."""

from datetime import date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")
GRACE_DAYS = 3
"""Whole days after the last one in which what was walked may still arrive: 72 hours from midnight in Japan."""


def today(now: datetime) -> date:
    """Return the date in Japan."""
    return now.astimezone(JAPAN).date()


def is_over(last: date, now: datetime) -> bool:
    """Return whether 72 hours have passed since the end of a contest's last day in Japan."""
    return today(now) > last + timedelta(days=GRACE_DAYS)
