"""A device writes day totals."""

import secrets
from datetime import date, datetime

from chassis.database import Database
from mailboxes.days import DayWindow
from mailboxes.newest import Versioned, Write, newest
from mailboxes.readers import Reader
from protocol.messages.records import ItemResult
from protocol.messages.steps import PutStepDays, StepDay, StepResults

from programs.installs import Install
from programs.store import steps
from programs.store.steps import Counted, Put, Written

DAYS_BACK = 14
INSTALLS = 16
"""Installations of one member that may have totals of the days that can be written: a bound on what one member can store."""
SOONEST_S, SPREAD_S = 3_600, 7_200
"""A device comes back after one to three hours, each at another time."""

Totals = list[Write[date, Counted]]


async def put_steps(db: Database, reader: Reader, request: PutStepDays, now: datetime) -> StepResults:
    """Store what is newer than what this installation wrote before, and say what became of each item."""
    days = DayWindow.at(now, DAYS_BACK)
    writes = _writes(request, days)
    said = _written(request, writes, days)
    async with db.statements("put-steps") as tx:
        put = await steps.put_of_reader(tx, reader.signed, said)
    if put is None:
        async with db.transaction("put-steps-otherwise") as tx:
            put = await steps.put_of_token(tx, await reader.for_writing(tx), said)
    return await _answered(db, reader.proof.subject, request, writes, put)


async def put_steps_in_background(db: Database, install: Install, request: PutStepDays, now: datetime) -> StepResults:
    """Do the same for an installation's own key."""
    days = DayWindow.at(now, DAYS_BACK)
    writes = _writes(request, days)
    async with db.transaction("put-steps-in-background") as tx:
        token = await install.for_writing(tx, request.install)
        put = await steps.put_of_token(tx, token, _written(request, writes, days))
    return await _answered(db, install.proof.subject, request, writes, put)


def _writes(request: PutStepDays, days: DayWindow) -> Totals:
    return [_write(item, days.refusal(item.day)) for item in request.items]


def _write(item: StepDay, refusal: str | None) -> Write[date, Counted]:
    return Write(item.day, Versioned(item.seq, Counted(item.steps, item.manual_steps)), refusal)


def _written(request: PutStepDays, writes: Totals, days: DayWindow) -> Written:
    return Written(request.install, newest({}, writes).changes, days.first, INSTALLS)


async def _answered(db: Database, token: bytes, request: PutStepDays, writes: Totals, put: Put) -> StepResults:
    """Say what became of each item; what another writer was faster with is looked up."""
    if not put.room:
        writes = [Write(write.key, write.new, write.refused or "too-many-installs") for write in writes]
    stored = put.stored
    if put.room and (late := newest(stored, writes).changes.keys() - put.written):
        async with db.statements("put-steps-late") as tx:
            stored = {**stored, **await steps.of_install(tx, token, request.install, sorted(late))}
    return _told(newest(stored, writes).results)


def _told(results: tuple[ItemResult, ...]) -> StepResults:
    return StepResults.model_construct(results=results, next_sync_after=SOONEST_S + secrets.randbelow(SPREAD_S))
