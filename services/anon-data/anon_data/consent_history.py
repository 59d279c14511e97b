"""What becomes of a member's consents when they decide again."""

from collections.abc import Sequence
from datetime import date

from protocol.messages.consents import ConsentEntry

KEPT = 8
"""Decisions about one purpose that are kept: days on which somebody changed their mind are few."""


def decided(history: Sequence[ConsentEntry], day: date, version: int, *, given: bool) -> tuple[ConsentEntry, ...]:
    """Return the history after a decision, the newest first.

    Of a day only the last word is kept. What changes nothing adds nothing: the same word about the same text, and a withdrawal
    where nothing stands. A day is never before one that is there, whatever the clock says.
    """
    last = history[0] if history else None
    if last is None and not given:
        return ()
    if last is not None and (last.given, given and last.version) == (given, given and version):
        return tuple(history)
    entry = ConsentEntry(day=max(day, last.day) if last else day, given=given, version=version)
    earlier = [one for one in history if one.day != entry.day]
    return (entry, *earlier)[:KEPT]


def stands(history: Sequence[ConsentEntry], counts_from: int) -> bool:
    """Say whether the purpose may be followed."""
    return bool(history) and history[0].given and history[0].version >= counts_from
