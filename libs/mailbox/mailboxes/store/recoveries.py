"""Rows of ``recovery``: mailboxes that may be claimed once more."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import BYTEA, insert

from mailboxes.store.given import given
from mailboxes.store.tables import recovery

_before = sa.bindparam("before", type_=sa.Date)
_given = given(recovery.c.token)
_insert = insert(recovery).from_select(
    ["token", "opens"], sa.select(_given.c.token, sa.bindparam("opens", type_=sa.Date)).order_by(_given.c.token)
)
_BEGIN = statement(
    _insert.on_conflict_do_update(
        index_elements=[recovery.c.token], set_={"opens": _insert.excluded.opens}, where=recovery.c.opens <= _before
    )
)
_OPENS = statement(sa.select(recovery.c.opens).where(recovery.c.token == sa.bindparam("token", type_=BYTEA)))
_FORGET = statement(sa.delete(recovery).where(recovery.c.token == sa.bindparam("token", type_=BYTEA)))
_PURGE = statement(sa.delete(recovery).where(recovery.c.opens <= _before))


async def begin(tx: Transaction, tokens: Sequence[bytes], opens: date, before: date) -> int:
    """Let these mailboxes be claimed from a day on, and return how many could not already.

    One that is under way keeps its day; one that opened on the day ``before`` or earlier is over and begins anew.
    """
    return await _BEGIN.execute(tx, token=tokens, opens=opens, before=before)


async def opens(tx: Transaction, token: bytes) -> date | None:
    """Return the first day on which this mailbox may be claimed once more, if it may."""
    found: date | None = await _OPENS.scalar(tx, token=token)
    return found


async def forget(tx: Transaction, token: bytes) -> None:
    """Delete the recovery of this mailbox, where there is one."""
    await _FORGET.execute(tx, token=token)


async def purge(tx: Transaction, before: date) -> None:
    """Delete those that opened on this day or earlier."""
    await _PURGE.execute(tx, before=before)
