"""Sessions: one row per sign-in, its refresh token included."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement

from gateway.store import references
from gateway.store.references import References
from gateway.store.tables import browser_session as browser
from gateway.store.tables import sign_in as table


@dataclass(frozen=True)
class SignIn:
    """A session as the gateway knows it."""

    id: bytes
    """16 random bytes that never leave this host."""
    sid_gateway: bytes
    ref: bytes
    client_id: str
    jkt: bytes | None
    """None where tokens are bearer tokens."""
    resources: tuple[str, ...]
    expires_at: datetime
    browser_id: bytes | None
    """The browser whose sessions end together."""
    scope: str
    acr: str
    auth_time: datetime
    tells_time: bool
    """Whether the application may know when."""


_NAMES = (
    *("id", "sid_gateway", "ref", "client_id", "jkt", "resources", "expires_at"),
    *("browser_id", "scope", "acr", "auth_time", "tells_time"),
)
_COLUMNS = tuple(table.c[name] for name in _NAMES)
_NOW = sa.bindparam("now", type_=sa.TIMESTAMP(timezone=True))

_insert = statement(sa.insert(table))
_UNTIL = sa.bindparam("until", type_=sa.TIMESTAMP(timezone=True))
_session_taken = (
    sa.update(table)
    .where(
        table.c.refresh_hash == sa.bindparam("refresh"),
        table.c.client_id == sa.bindparam("client"),
        table.c.jkt.is_not_distinct_from(sa.bindparam("key", type_=sa.LargeBinary)),
        table.c.idle_until > sa.bindparam("now"),
        table.c.expires_at > sa.bindparam("now"),
    )
    .values(idle_until=sa.func.least(_UNTIL, table.c.expires_at))
    .returning(*_COLUMNS)
    .cte("taken")
)
# A browser that somebody else holds is being signed out or kept already. Nobody waits for it here, with a session in hand: whoever
# signs a browser out holds it and waits for its sessions.
_browser_held = (
    sa.select(browser.c.id)
    .where(
        browser.c.id == sa.select(_session_taken.c.browser_id).scalar_subquery(),
        browser.c.idle_until > sa.bindparam("now"),
        browser.c.expires_at > sa.bindparam("now"),
    )
    .with_for_update(skip_locked=True)
    .cte("held")
)
_browser_kept = (
    sa.update(browser)
    .where(browser.c.id == _browser_held.c.id)
    .values(
        idle_until=sa.func.least(sa.bindparam("browser_until", type_=sa.TIMESTAMP(timezone=True)), browser.c.expires_at),
    )
    .cte("kept")
)
_refresh = statement(sa.select(*_session_taken.c, *references.of(_session_taken.c.ref)).add_cte(_browser_kept))
_end_by_id = statement(sa.delete(table).where(table.c.id == sa.bindparam("id")).returning(*_COLUMNS))
_browser_of = statement(sa.select(table.c.browser_id).where(table.c.sid_gateway == sa.bindparam("sid")))
_end_by_sid = statement(sa.delete(table).where(table.c.sid_gateway == sa.bindparam("sid")).returning(*_COLUMNS))
_end_of_browser = statement(sa.delete(table).where(table.c.browser_id == sa.bindparam("browser")).returning(*_COLUMNS))
_end_by_refresh = statement(
    sa.delete(table)
    .where(table.c.refresh_hash == sa.bindparam("refresh"), table.c.client_id == sa.bindparam("client"))
    .returning(*_COLUMNS)
)
_end_any = statement(
    sa.delete(table)
    .where(table.c.id.in_(sa.select(table.c.id).limit(sa.bindparam("most", type_=sa.BigInteger))))
    .returning(*_COLUMNS)
)
_live = (table.c.idle_until > _NOW, table.c.expires_at > _NOW)
_by_sid = statement(sa.select(*_COLUMNS).where(table.c.sid_gateway == sa.bindparam("sid"), *_live))
_by_refresh = statement(sa.select(*_COLUMNS).where(table.c.refresh_hash == sa.bindparam("refresh"), *_live))
_of_member = statement(sa.select(*_COLUMNS).where(table.c.ref == sa.bindparam("member"), *_live).order_by(table.c.auth_time))
_count = statement(sa.select(table.c.client_id, sa.func.count().label("n")).group_by(table.c.client_id).order_by(table.c.client_id))
_end_of_members = statement(
    sa.delete(table).where(table.c.ref == sa.any_(sa.bindparam("refs", type_=sa.ARRAY(sa.LargeBinary)))).returning(*_COLUMNS)
)
_over = (
    sa.select(table.c.id)
    .where((table.c.expires_at <= sa.bindparam("now")) | (table.c.idle_until <= sa.bindparam("now")))
    .limit(sa.bindparam("most", type_=sa.BigInteger))
    # What somebody else is ending at this moment is theirs.
    .with_for_update(skip_locked=True)
)
_end_over = statement(sa.delete(table).where(table.c.id.in_(_over)).returning(*_COLUMNS))


async def begin(tx: Transaction, session: SignIn, refresh_hash: bytes, idle_until: datetime) -> None:
    """Keep a new session."""
    await _insert.execute(
        tx,
        id=session.id,
        sid_gateway=session.sid_gateway,
        ref=session.ref,
        client_id=session.client_id,
        jkt=session.jkt,
        resources=list(session.resources),
        browser_id=session.browser_id,
        scope=session.scope,
        acr=session.acr,
        auth_time=session.auth_time,
        tells_time=session.tells_time,
        refresh_hash=refresh_hash,
        idle_until=idle_until,
        expires_at=session.expires_at,
    )


@dataclass(frozen=True)
class Idle:
    """Until when something may go unused."""

    session: datetime
    browser: datetime


async def refresh(
    tx: Transaction, refresh_hash: bytes, client_id: str, jkt: bytes | None, *, now: datetime, idle: Idle
) -> tuple[SignIn, References] | None:
    """Return the live session of a refresh token, client and DPoP key, with the member's references.

    Notes that neither the session nor its browser is idle.
    """
    row = await _refresh.one_or_none(
        tx, refresh=refresh_hash, client=client_id, key=jkt, now=now, until=idle.session, browser_until=idle.browser
    )
    refs = None if row is None else references.read(row)
    return None if row is None or refs is None else (_session(row), refs)


async def end(tx: Transaction, session_id: bytes) -> SignIn | None:
    """Delete a session and return it; None when it has ended already."""
    row = await _end_by_id.one_or_none(tx, id=session_id)
    return None if row is None else _session(row)


async def end_by_sid(tx: Transaction, sid_gateway: bytes) -> SignIn | None:
    """Delete the session of an access token for this host and return it; None when it has ended already."""
    row = await _end_by_sid.one_or_none(tx, sid=sid_gateway)
    return None if row is None else _session(row)


async def browser_of(tx: Transaction, sid_gateway: bytes) -> bytes | None:
    """Return the browser of a session, if it has one."""
    browser: bytes | None = await _browser_of.scalar(tx, sid=sid_gateway)
    return browser


async def end_of_members(tx: Transaction, refs: Sequence[bytes]) -> list[SignIn]:
    """Delete every session of these members and return them."""
    return [_session(row) for row in await _end_of_members.all(tx, refs=list(refs))]


async def end_over(tx: Transaction, now: datetime, most: int) -> list[SignIn]:
    """Delete sessions that have expired or were idle for too long, at most so many, and return them."""
    return [_session(row) for row in await _end_over.all(tx, now=now, most=most)]


async def end_of_browser(tx: Transaction, browser_id: bytes) -> list[SignIn]:
    """Delete every session of a browser and return them."""
    return [_session(row) for row in await _end_of_browser.all(tx, browser=browser_id)]


async def end_by_refresh(tx: Transaction, refresh_hash: bytes, client_id: str) -> SignIn | None:
    """Delete the session of an application's refresh token and return it."""
    row = await _end_by_refresh.one_or_none(tx, refresh=refresh_hash, client=client_id)
    return None if row is None else _session(row)


async def end_any(tx: Transaction, most: int) -> list[SignIn]:
    """Delete sessions, whoever's they are, at most so many, and return them."""
    return [_session(row) for row in await _end_any.all(tx, most=most)]


async def by_sid(tx: Transaction, sid_gateway: bytes, now: datetime) -> SignIn | None:
    """Return the session of a token that this host is shown."""
    row = await _by_sid.one_or_none(tx, sid=sid_gateway, now=now)
    return None if row is None else _session(row)


async def by_refresh(tx: Transaction, refresh_hash: bytes, now: datetime) -> SignIn | None:
    """Return the session of a refresh token, which is not used by this."""
    row = await _by_refresh.one_or_none(tx, refresh=refresh_hash, now=now)
    return None if row is None else _session(row)


async def of_member(tx: Transaction, ref: bytes, now: datetime) -> list[SignIn]:
    """Return a member's sessions, the oldest sign-in first."""
    return [_session(row) for row in await _of_member.all(tx, member=ref, now=now)]


async def count(tx: Transaction) -> dict[str, int]:
    """Return how many sessions each application has."""
    return {row["client_id"]: row["n"] for row in await _count.all(tx)}


def _session(row: Record) -> SignIn:
    return SignIn(**{**{name: row[name] for name in _NAMES}, "resources": tuple(row["resources"])})
