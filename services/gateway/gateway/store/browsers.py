"""Browsers that are signed in: one row each, found by the hash of its cookie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement

from gateway.store.tables import browser_session as table


@dataclass(frozen=True)
class Browser:
    """A browser that a member is signed in with."""

    id: bytes
    ref: bytes
    acr: str
    auth_time: datetime


_COLUMNS = (table.c.id, table.c.ref, table.c.acr, table.c.auth_time)
_UNTIL = sa.func.least(sa.bindparam("until", type_=sa.TIMESTAMP(timezone=True)), table.c.expires_at)
_LIVE = (table.c.idle_until > sa.bindparam("now"), table.c.expires_at > sa.bindparam("now"))

_insert = statement(sa.insert(table))
_use = statement(
    sa.update(table).where(table.c.cookie == sa.bindparam("cookie_hash"), *_LIVE).values(idle_until=_UNTIL).returning(*_COLUMNS)
)
_again = statement(
    sa.update(table)
    .where(table.c.cookie == sa.bindparam("cookie_hash"), table.c.ref == sa.bindparam("member"), *_LIVE)
    .values(
        cookie=sa.bindparam("new"),
        acr=sa.bindparam("how"),
        auth_time=sa.bindparam("when"),
        idle_until=_UNTIL,
    )
    .returning(table.c.id)
)
_find = statement(sa.select(*_COLUMNS).where(table.c.cookie == sa.bindparam("cookie_hash"), *_LIVE))
_end = statement(sa.delete(table).where(table.c.id == sa.bindparam("browser")))
_end_of_members = statement(sa.delete(table).where(table.c.ref == sa.any_(sa.bindparam("refs", type_=sa.ARRAY(sa.LargeBinary)))))
_end_all = statement(sa.delete(table))
_purge = statement(
    sa.delete(table).where((table.c.expires_at <= sa.bindparam("now")) | (table.c.idle_until <= sa.bindparam("now")))
)


async def begin(tx: Transaction, browser: Browser, cookie: bytes, idle_until: datetime, expires_at: datetime) -> None:
    """Keep a browser under the hash of its cookie."""
    await _insert.execute(
        tx,
        id=browser.id,
        cookie=cookie,
        ref=browser.ref,
        acr=browser.acr,
        auth_time=browser.auth_time,
        idle_until=min(idle_until, expires_at),
        expires_at=expires_at,
    )


async def use(tx: Transaction, cookie: bytes, now: datetime, idle_until: datetime) -> Browser | None:
    """Return the browser of a cookie, noting that it is not idle; nobody ends it before the transaction does."""
    row = await _use.one_or_none(tx, cookie_hash=cookie, now=now, until=idle_until)
    return None if row is None else _browser(row)


async def again(
    tx: Transaction, cookie: bytes, new: bytes, *, ref: bytes, acr: str, now: datetime, idle_until: datetime
) -> bytes | None:
    """Put another cookie in the place of this one, whose member signed in again; return the browser. None: not this member's."""
    browser: bytes | None = await _again.scalar(
        tx, cookie_hash=cookie, new=new, member=ref, how=acr, when=now, now=now, until=idle_until
    )
    return browser


async def find(tx: Transaction, cookie: bytes, now: datetime) -> Browser | None:
    """Return the browser of a cookie."""
    row = await _find.one_or_none(tx, cookie_hash=cookie, now=now)
    return None if row is None else _browser(row)


async def end(tx: Transaction, browser_id: bytes) -> None:
    """Forget a browser."""
    await _end.execute(tx, browser=browser_id)


async def end_of_members(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Forget every browser of these members."""
    await _end_of_members.execute(tx, refs=list(refs))


async def end_all(tx: Transaction) -> int:
    """Forget every browser."""
    return await _end_all.execute(tx)


async def purge(tx: Transaction, now: datetime) -> None:
    """Forget browsers that were idle for too long. Their sessions at applications end each by its own rule."""
    await _purge.execute(tx, now=now)


def _browser(row: Record) -> Browser:
    return Browser(row["id"], row["ref"], row["acr"], row["auth_time"])
