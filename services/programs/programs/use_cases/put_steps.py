"""A device writes day totals."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from chassis.database import Database
from mailboxes.days import DayWindow
from mailboxes.newest import Versioned, Write, newest
from mailboxes.readers import Reader
from protocol.messages.records import ItemResult
from protocol.messages.steps import PutStepDays, StepDay, StepResults

from programs.installs import Install
from programs.store import steps
from programs.store.steps import Counted, Written

DAYS_BACK = 14
INSTALLS = 16
"""Installations of one member that may have totals of the days that can be written: a bound on what one member can store."""
SOONEST_S, SPREAD_S = 3_600, 7_200
"""A device comes back after one to three hours, each at another time."""


@dataclass(frozen=True)
class _Asked:
    """A request, its items compared with each other."""

    writes: tuple[Write[date, Counted], ...]
    said: Written
    results: tuple[ItemResult, ...]
    """What became of the items where all of ``said`` is newer than what was there."""

    @classmethod
    def of(cls, request: PutStepDays, now: datetime) -> Self:
        days = DayWindow.at(now, DAYS_BACK)
        writes = tuple(_write(item, days.refusal(item.day)) for item in request.items)
        newer = newest({}, writes)
        return cls(writes, Written(request.install, newer.changes, days.first, INSTALLS), newer.results)


async def put_steps(db: Database, reader: Reader, request: PutStepDays, now: datetime) -> StepResults:
    """Store what is newer than what this installation wrote before, and say what became of each item."""
    asked = _Asked.of(request, now)
    async with db.statements("put-steps") as tx:
        written = await steps.put_of_reader(tx, reader.signed, asked.said)
    if written is None:
        async with db.transaction("put-steps-otherwise") as tx:
            written = await steps.put_of_token(tx, await reader.for_writing(tx), asked.said)
    return await _answered(db, reader.proof.subject, asked, written)


async def put_steps_in_background(db: Database, install: Install, request: PutStepDays, now: datetime) -> StepResults:
    """Do the same for an installation's own key."""
    asked = _Asked.of(request, now)
    async with db.transaction("put-steps-in-background") as tx:
        token = await install.for_writing(tx, request.install)
        written = await steps.put_of_token(tx, token, asked.said)
    return await _answered(db, install.proof.subject, asked, written)


def _write(item: StepDay, refusal: str | None) -> Write[date, Counted]:
    return Write(item.day, Versioned(item.seq, Counted(item.steps, item.manual_steps)), refusal)


async def _answered(db: Database, token: bytes, asked: _Asked, written: Collection[date]) -> StepResults:
    """Say what became of each item; where some were not stored, something as new was there already, or there was no room."""
    late = asked.said.changes.keys() - written
    if not late:
        return _told(asked.results)
    async with db.statements("put-steps-late") as tx:
        stored = await steps.of_install(tx, token, asked.said.install, sorted(late))
    nowhere = late - stored.keys()
    writes = [replace(one, refused=one.refused or "too-many-installs") if one.key in nowhere else one for one in asked.writes]
    return _told(newest(stored, writes).results)


def _told(results: tuple[ItemResult, ...]) -> StepResults:
    return StepResults.model_construct(results=results, next_sync_after=SOONEST_S + secrets.randbelow(SPREAD_S))
