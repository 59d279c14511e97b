"""A manager sets contests up."""

from datetime import datetime

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.contests import Contest, Contests, PutUnitNames, UnitSizes

from programs.days import today
from programs.errors import ContestDiffers
from programs.store import contests, teams


async def put_contest(db: Database, said: Contest, now: datetime) -> None:
    """Define a contest, or change it before anybody can enter; the same again changes nothing."""
    async with db.transaction("put-contest") as tx:
        known = await contests.find(tx, said.id)
        if known is not None and known.contest == said:
            return
        if known is not None and today(now) >= known.contest.enter_from:
            raise ContestDiffers
        await contests.put(tx, said)


async def list_contests(db: Database) -> Contests:
    """Return all contests to the staff."""
    async with db.statements("list-contests") as tx:
        return Contests(contests=tuple(await contests.every(tx)))


async def read_contests(db: Database, reader: Reader) -> Contests:
    """Return all contests to a member."""
    async with db.statements("read-contests") as tx:
        await reader.for_reading(tx)
        return Contests(contests=tuple(await contests.every(tx)))


async def name_units(db: Database, said: PutUnitNames) -> None:
    """Say what roster units are called; unknown ones are passed over."""
    async with db.transaction("name-units") as tx:
        await teams.name(tx, said.units)


async def list_units(db: Database, now: datetime) -> UnitSizes:
    """Return the units of the roster that holds today."""
    async with db.statements("list-units") as tx:
        return UnitSizes(units=await teams.sizes(tx, today(now)))
