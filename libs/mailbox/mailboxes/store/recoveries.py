"""Rows of ``recovery``: mailboxes that may be claimed once more."""

from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from mailboxes.store.tables import recovery

_FORGET = statement(sa.delete(recovery).where(recovery.c.token == sa.any_(sa.bindparam("tokens", type_=ARRAY(BYTEA)))))


async def forget(tx: Transaction, tokens: Sequence[bytes]) -> None:
    """Delete the recoveries of these mailboxes, where there are any."""
    await _FORGET.execute(tx, tokens=tokens)
