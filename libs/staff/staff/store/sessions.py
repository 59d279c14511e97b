"""Rows of ``staff_session``."""

import sqlalchemy as sa
from chassis.database import Transaction, statement

from staff.store.tables import staff_session as table

_id, _now = sa.bindparam("session", type_=sa.LargeBinary), sa.bindparam("now", type_=sa.BigInteger)

_INSERT = statement(
    sa.insert(table).values(
        id=sa.bindparam("session", type_=sa.LargeBinary), passkey=sa.bindparam("opened_by"), expires=sa.bindparam("until")
    )
)
_PASSKEY = statement(sa.select(table.c.passkey).where(table.c.id == _id, table.c.expires > _now))
_DELETE = statement(sa.delete(table).where(table.c.id == _id))
_DELETE_ALL = statement(sa.delete(table))
_PURGE = statement(sa.delete(table).where(table.c.expires <= _now))


async def begin(tx: Transaction, session: bytes, passkey: str, expires: int) -> None:
    """Open a session in the place of an earlier one of the same key and subject."""
    await _DELETE.execute(tx, session=session)
    await _INSERT.execute(tx, session=session, opened_by=passkey, until=expires)


async def passkey_of(tx: Transaction, session: bytes, now: int) -> str | None:
    """Return what the list calls the passkey that opened a session; None where none is open."""
    found: str | None = await _PASSKEY.scalar(tx, session=session, now=now)
    return found


async def end(tx: Transaction, session: bytes) -> None:
    """End one session."""
    await _DELETE.execute(tx, session=session)


async def end_all(tx: Transaction) -> None:
    """End every session."""
    await _DELETE_ALL.execute(tx)


async def purge(tx: Transaction, now: int) -> None:
    """Delete sessions that are over."""
    await _PURGE.execute(tx, now=now)
