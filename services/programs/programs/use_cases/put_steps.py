"""A device writes day totals."""

import secrets
from datetime import date, datetime

from chassis.database import Database, Transaction
from mailboxes.days import DayWindow
from mailboxes.newest import Versioned, Write, newest
from mailboxes.readers import Reader, Token
from protocol.messages.records import ItemResult
from protocol.messages.steps import PutStepDays, StepDay, StepResults

from programs.installs import Install
from programs.store import steps
from programs.store.steps import Counted

DAYS_BACK = 14
INSTALLS = 16
"""Installations of one member that may have totals of the days that can be written: a bound on what one member can store."""
SOONEST_S, SPREAD_S = 3_600, 7_200
"""A device comes back after one to three hours, each at another time."""


async def put_steps(db: Database, writer: Reader | Install, request: PutStepDays, now: datetime) -> StepResults:
    """Store what is newer than what this installation wrote before, and say what became of each item."""
    async with db.transaction("put-steps") as tx:
        token = await _writing(tx, writer, request.install)
        results = await _put(tx, token, request, DayWindow.at(now, DAYS_BACK))
    return StepResults(results=results, next_sync_after=SOONEST_S + secrets.randbelow(SPREAD_S))


async def _writing(tx: Transaction, writer: Reader | Install, install: bytes) -> Token:
    if isinstance(writer, Reader):
        return await writer.for_writing(tx)
    return await writer.for_writing(tx, install)


async def _put(tx: Transaction, token: Token, request: PutStepDays, days: DayWindow) -> tuple[ItemResult, ...]:
    current = await steps.of_install(tx, token, request.install, [item.day for item in request.items])
    # Whoever has a total there already needs no room; so this is asked about once a day.
    room = bool(current) or await _has_room(tx, token, request.install, days.first)
    outcome = newest(current, [_write(item, days, room) for item in request.items])
    if outcome.changes:
        await steps.write(tx, token, request.install, outcome.changes)
    return outcome.results


async def _has_room(tx: Transaction, token: Token, install: bytes, first: date) -> bool:
    known = await steps.installs(tx, token, first)
    return install in known or len(known) < INSTALLS


def _write(item: StepDay, days: DayWindow, room: bool) -> Write[date, Counted]:
    refusal = days.refusal(item.day) or (None if room else "too-many-installs")
    return Write(item.day, Versioned(item.seq, Counted(item.steps, item.manual_steps)), refusal)
