"""Back-channel logouts on their way."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from chassis.database import Transaction, statement

from gateway.store.tables import logout_outbox as table

OF_STAFF = "staff:"
"""Before the name of a store that is told of the end of a sign-in of staff."""
OF_CLIENT = "client:"
"""Before the id of an application that is told; the authorities are told under their own names."""


@dataclass(frozen=True)
class Notice:
    """One logout that one host or application is still to be told of."""

    id: bytes
    audience: str
    sid: bytes
    attempts: int
    """Deliveries tried, the one at hand included."""


_insert = statement(
    sa.insert(table).values({name: sa.bindparam(name) for name in ("id", "audience", "sid", "due_at", "expires_at")})
)
_due = (
    sa.select(table.c.id)
    .where(
        table.c.audience == sa.bindparam("host", type_=sa.Text),
        table.c.due_at <= sa.bindparam("now"),
        table.c.expires_at > sa.bindparam("now"),
    )
    .order_by(table.c.due_at)
    .limit(sa.bindparam("most", type_=sa.BigInteger))
    .with_for_update(skip_locked=True)
)
_claim = statement(
    sa.update(table)
    .where(table.c.id.in_(_due))
    .values(attempts=table.c.attempts + 1, due_at=sa.bindparam("lease"))
    .returning(table.c.id, table.c.audience, table.c.sid, table.c.attempts)
)
_postpone = statement(sa.update(table).where(table.c.id == sa.bindparam("notice")).values(due_at=sa.bindparam("at")))
_delete = statement(sa.delete(table).where(table.c.id == sa.bindparam("id")))
_purge = statement(sa.delete(table).where(table.c.expires_at <= sa.bindparam("now")))


async def add(tx: Transaction, notices: Iterable[tuple[str, bytes]], due_at: datetime, expires_at: datetime) -> None:
    """Keep logouts to be delivered: audience and pairwise session id."""
    await _insert.many(
        tx,
        [
            {"id": secrets.token_bytes(16), "audience": audience, "sid": sid, "due_at": due_at, "expires_at": expires_at}
            for audience, sid in notices
        ],
    )


async def claim(tx: Transaction, audience: str, now: datetime, lease: datetime, most: int) -> list[Notice]:
    """Return logouts that are due at one place; until ``lease`` nobody else is given them."""
    rows = await _claim.all(tx, host=audience, now=now, lease=lease, most=most)
    return [Notice(row["id"], row["audience"], row["sid"], row["attempts"]) for row in rows]


async def postpone(tx: Transaction, notice_id: bytes, at: datetime) -> None:
    """Try again later."""
    await _postpone.execute(tx, notice=notice_id, at=at)


async def delivered(tx: Transaction, notice_id: bytes) -> None:
    """Forget a logout that arrived."""
    await _delete.execute(tx, id=notice_id)


async def purge(tx: Transaction, now: datetime) -> None:
    """Delete what nobody needs to be told any more."""
    await _purge.execute(tx, now=now)
