"""Rows of ``suspension``: mailboxes of which no member's key is admitted."""

from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

from mailboxes.store.given import given
from mailboxes.store.tables import suspension

_given = given(suspension.c.token)
_BEGIN = statement(
    insert(suspension)
    .from_select(["token"], sa.select(_given.c.token).order_by(_given.c.token))
    .on_conflict_do_nothing(index_elements=[suspension.c.token])
)
_END = statement(sa.delete(suspension).where(suspension.c.token == sa.any_(sa.bindparam("tokens", type_=ARRAY(BYTEA)))))


async def begin(tx: Transaction, tokens: Sequence[bytes]) -> int:
    """Suspend these mailboxes, and return how many were not before."""
    return await _BEGIN.execute(tx, token=tokens)


async def end(tx: Transaction, tokens: Sequence[bytes]) -> int:
    """Lift the suspension of these mailboxes, and return how many had one."""
    return await _END.execute(tx, tokens=tokens)
