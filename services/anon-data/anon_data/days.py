"""Which days a member may write about, and which may be deleted."""

from datetime import date

from mailboxes.days import DayWindow

DAYS_BACK = 400


def refusal(days: DayWindow, day: date, *, deletes: bool) -> str | None:
    """Return why this day may not be written about, as a slug, or None when it may.

    A member may delete everything that was: of a deletion that is too old for a write nothing stays behind.
    """
    why = days.refusal(day)
    return None if deletes and why == "too-old" else why
