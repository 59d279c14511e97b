"""Members with points, and what is done to them without a route."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta

from chassis.database import Database
from programs.store import point_ledger, point_sums
from support.store_host import NOW, Member, StoreHost

TODAY = NOW.date()
LATER = TODAY + timedelta(days=100)


@asynccontextmanager
async def opened(host: StoreHost, size: int = 4) -> AsyncIterator[Database]:
    """Open the host's database as the service does."""
    db = await Database.open(host.urls.runtime_url, pool_max=size)
    try:
        yield db
    finally:
        await db.close()


async def granted(db: Database, *members: Member, points: int = 1000, expires: date = LATER, run: bytes | None = None) -> bytes:
    """Give points to members, and return the run."""
    name = run or secrets.token_bytes(16)
    async with db.transaction("grant") as tx:
        awards = sorted((member.token, points) for member in members)
        await point_ledger.issue(tx, name, "walk", TODAY, expires, awards)
    return name


async def held(db: Database, member: Member, amount: int, until: date = TODAY) -> bytes | None:
    """Hold points, and return the hold; None where they do not suffice."""
    name = secrets.token_bytes(16)
    with suppress(_TooFew):
        async with db.transaction("hold") as tx:
            _require(await point_ledger.hold(tx, member.token, name, amount, TODAY, until))
        return name
    return None


async def captured(db: Database, member: Member, name: bytes, day: date = TODAY) -> bool:
    async with db.transaction("capture") as tx:
        return await point_ledger.capture(tx, member.token, name, "shop", day)


async def voided(db: Database, member: Member, name: bytes) -> bool:
    async with db.transaction("void") as tx:
        return await point_ledger.void(tx, member.token, name)


async def refunded(db: Database, member: Member, name: bytes, day: date = TODAY, renewed: date | None = None) -> bool:
    async with db.transaction("refund") as tx:
        return await point_ledger.refund(tx, member.token, name, day, renewed)


async def balance(db: Database, member: Member) -> point_sums.Balance:
    async with db.statements("balance") as tx:
        return await point_sums.balance(tx, member.token)


async def sums(db: Database) -> point_sums.Sums:
    async with db.statements("sums") as tx:
        return await point_sums.sums(tx)


class _TooFew(Exception):
    pass


def _require(enough: bool) -> None:
    if not enough:
        raise _TooFew
