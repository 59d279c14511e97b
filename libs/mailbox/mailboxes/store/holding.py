"""Which tables of a store hold a token: an erasure empties each of them of it, in the order in which they are listed."""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Statement, Transaction, statement
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from mailboxes.store.tables import mailbox, reader_key, recovery, suspension


class Holding:
    """Every table with a token that a store has: its own are listed, those that both stores have alike follow."""

    def __init__(self, *own: sa.Table, closing: Sequence[Statement] = (), keeping: Sequence[Statement] = ()) -> None:
        """List the store's own tables; one that refers to another stands before it.

        ``closing`` are statements about ``tokens`` that come before all: what must be kept of them without a token.
        ``keeping`` are about ``tokens`` and ``secret``: what may stay for statistics, under names that follow from both.
        """
        tables = (*own, recovery, suspension, reader_key, mailbox)
        self.names = tuple(table.name for table in tables)
        tokens = sa.bindparam("tokens", type_=ARRAY(BYTEA))
        self._closing = tuple(closing)
        self._keeping = tuple(keeping)
        self._deletes = [statement(sa.delete(table).where(table.c.token == sa.any_(tokens))) for table in tables]

    async def erase(self, tx: Transaction, tokens: Sequence[bytes]) -> int:
        """Delete every row of these tokens, and return how many had a mailbox."""
        for close in self._closing:
            await close.execute(tx, tokens=tokens)
        found = 0
        for delete in self._deletes:
            found = await delete.execute(tx, tokens=tokens)
        return found

    async def keep(self, tx: Transaction, tokens: Sequence[bytes]) -> int:
        """Do as `erase`, but leave what may stay for statistics, under names that nobody can make again."""
        secret = secrets.token_bytes(32)
        for keep in self._keeping:
            await keep.execute(tx, tokens=tokens, secret=secret)
        return await self.erase(tx, tokens)
