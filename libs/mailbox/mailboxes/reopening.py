"""When a recovery lets a mailbox be claimed once more.

Nothing finer than a day may stand beside a member, so the promise "not before 24 hours" is kept in days: asked for at any time
of one day, a recovery opens with the second day after it, which begins between 24 and 48 hours later. All days are UTC's.
"""

from datetime import date, timedelta

WAIT_DAYS = 2
OPEN_DAYS = 30
"""Days on which a claim may use a recovery; afterwards it is as if it had never been."""


def opens(today: date) -> date:
    """Return the first day on which a recovery asked for today may be used."""
    return today + timedelta(days=WAIT_DAYS)


def is_open(first: date | None, today: date) -> bool:
    """Say whether a claim may use the recovery that opens on this day."""
    return first is not None and first <= today and not is_over(first, today)


def is_over(first: date, today: date) -> bool:
    """Say whether nobody used the recovery in time."""
    return first <= last_over(today)


def last_over(today: date) -> date:
    """Return the latest first day of a recovery that is over today."""
    return today - timedelta(days=OPEN_DAYS)
