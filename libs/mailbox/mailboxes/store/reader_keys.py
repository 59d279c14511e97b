"""Rows of ``reader_key``: the one key that reads a mailbox."""

from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

from mailboxes.store.mailboxes import mailbox, reader_key

_CLAIMABLE = statement(
    sa.select(mailbox.c.claim_key, reader_key.c.jkt)
    .select_from(mailbox.outerjoin(reader_key, reader_key.c.token == mailbox.c.token))
    .where(mailbox.c.token == sa.bindparam("token"))
)
_GIVE = statement(
    insert(reader_key)
    .values(token=sa.bindparam("token"), jkt=sa.bindparam("jkt"))
    .on_conflict_do_nothing(index_elements=[reader_key.c.token])
)
_IS_READER = sa.exists().where(reader_key.c.token == sa.bindparam("token"), reader_key.c.jkt == sa.bindparam("jkt"))
_READS = statement(sa.select(_IS_READER))
# An advisory lock lives in memory alone. SELECT ... FOR UPDATE would leave its transaction's number in the row, and with it
# the order in which members came.
_WRITES = statement(
    sa.select(_IS_READER, sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.func.encode(sa.bindparam("token"), "hex"), 0)))
)


@dataclass(frozen=True)
class Claimable:
    """What a claim is checked against."""

    claim_key: bytes
    reader_jkt: bytes | None
    """Thumbprint of the reader key, when the mailbox was claimed before."""


async def claimable(tx: Transaction, token: bytes) -> Claimable | None:
    """Return what a claim of this mailbox is checked against, or None when there is no such mailbox."""
    row = await _CLAIMABLE.one_or_none(tx, token=token)
    return None if row is None else Claimable(row["claim_key"], row["jkt"])


async def give(tx: Transaction, token: bytes, jkt: bytes) -> bool:
    """Hand the mailbox to a reader key; False when another claim of the same moment was first."""
    return await _GIVE.execute(tx, token=token, jkt=jkt) == 1


async def reads(tx: Transaction, token: bytes, jkt: bytes) -> bool:
    """Return whether this key reads this mailbox."""
    return bool(await _READS.scalar(tx, token=token, jkt=jkt))


async def writes(tx: Transaction, token: bytes, jkt: bytes) -> bool:
    """Return whether this key reads this mailbox, and hold back other writers of the same mailbox until the transaction ends."""
    return bool((await _WRITES.one(tx, token=token, jkt=jkt))[0])
