"""Sessions: one row per sign-in, its refresh token included."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement

from gateway.store.tables import sign_in as table


@dataclass(frozen=True)
class SignIn:
    """A session as the gateway knows it."""

    id: bytes
    """16 random bytes that never leave this host."""
    sid_gateway: bytes
    ref: bytes
    client_id: str
    jkt: bytes
    resources: tuple[str, ...]
    expires_at: datetime


_COLUMNS = (table.c.id, table.c.sid_gateway, table.c.ref, table.c.client_id, table.c.jkt, table.c.resources, table.c.expires_at)

_insert = statement(sa.insert(table))
_refresh = statement(
    sa.update(table)
    .where(
        table.c.refresh_hash == sa.bindparam("refresh"),
        table.c.client_id == sa.bindparam("client"),
        table.c.jkt == sa.bindparam("key"),
        table.c.idle_until > sa.bindparam("now"),
        table.c.expires_at > sa.bindparam("now"),
    )
    .values(idle_until=sa.func.least(sa.bindparam("until", type_=sa.TIMESTAMP(timezone=True)), table.c.expires_at))
    .returning(*_COLUMNS)
)
_end_by_id = statement(sa.delete(table).where(table.c.id == sa.bindparam("id")).returning(*_COLUMNS))
_end_by_sid = statement(sa.delete(table).where(table.c.sid_gateway == sa.bindparam("sid")).returning(*_COLUMNS))
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
        refresh_hash=refresh_hash,
        idle_until=idle_until,
        expires_at=session.expires_at,
    )


async def refresh(
    tx: Transaction, refresh_hash: bytes, client_id: str, jkt: bytes, *, now: datetime, idle_until: datetime
) -> SignIn | None:
    """Return the live session of a refresh token, client and DPoP key, and note that it is not idle."""
    row = await _refresh.one_or_none(tx, refresh=refresh_hash, client=client_id, key=jkt, now=now, until=idle_until)
    return None if row is None else _session(row)


async def end(tx: Transaction, session_id: bytes) -> SignIn | None:
    """Delete a session and return it; None when it has ended already."""
    row = await _end_by_id.one_or_none(tx, id=session_id)
    return None if row is None else _session(row)


async def end_by_sid(tx: Transaction, sid_gateway: bytes) -> SignIn | None:
    """Delete the session of an access token for this host and return it; None when it has ended already."""
    row = await _end_by_sid.one_or_none(tx, sid=sid_gateway)
    return None if row is None else _session(row)


async def end_of_members(tx: Transaction, refs: Sequence[bytes]) -> list[SignIn]:
    """Delete every session of these members and return them."""
    return [_session(row) for row in await _end_of_members.all(tx, refs=list(refs))]


async def end_over(tx: Transaction, now: datetime, most: int) -> list[SignIn]:
    """Delete sessions that have expired or were idle for too long, at most so many, and return them."""
    return [_session(row) for row in await _end_over.all(tx, now=now, most=most)]


def _session(row: Record) -> SignIn:
    return SignIn(
        row["id"], row["sid_gateway"], row["ref"], row["client_id"], row["jkt"], tuple(row["resources"]), row["expires_at"]
    )
