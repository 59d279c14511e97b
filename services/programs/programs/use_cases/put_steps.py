"""A device writes day totals."""

from datetime import date, datetime

from chassis.database import Database, Transaction
from mailboxes.days import DayWindow
from mailboxes.newest import Versioned, Write, newest
from mailboxes.readers import Reader, Token
from protocol.messages.records import Results
from protocol.messages.steps import PutStepDays, StepDay

from programs.store import steps

DAYS_BACK = 14
INSTALLS = 16
"""Installations of one member that may have totals of the days that can be written: a bound on what one member can store."""


async def put_steps(db: Database, reader: Reader, request: PutStepDays, now: datetime) -> Results:
    """Store what is newer than what this installation wrote before, and say what became of each item."""
    days = DayWindow.at(now, DAYS_BACK)
    async with db.transaction("put-steps") as tx:
        token = await reader.for_writing(tx)
        current = await steps.of_install(tx, token, request.install, [item.day for item in request.items])
        # Whoever has a total there already needs no room; so this is asked about once a day.
        room = bool(current) or await _has_room(tx, token, request.install, days.first)
        outcome = newest(current, [_write(item, days, room) for item in request.items])
        if outcome.changes:
            await steps.write(tx, token, request.install, outcome.changes)
    return Results(results=outcome.results)


async def _has_room(tx: Transaction, token: Token, install: bytes, first: date) -> bool:
    known = await steps.installs(tx, token, first)
    return install in known or len(known) < INSTALLS


def _write(item: StepDay, days: DayWindow, room: bool) -> Write[date, int]:
    refusal = days.refusal(item.day) or (None if room else "too-many-installs")
    return Write(item.day, Versioned(item.seq, item.steps), refusal)
