"""Tables of lists that officers sign, and the statements of those of which the newest alone is kept."""

from collections.abc import Callable
from typing import Generic, TypeVar

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.signed_lists import Entry, NumberedList, SignedList

ListT = TypeVar("ListT", bound=NumberedList[Entry])
_number = sa.bindparam("number", type_=sa.Integer)


def list_tables(about: str, metadata: sa.MetaData) -> tuple[sa.Table, sa.Table]:
    """Return ``<about>_list`` and ``<about>_signature``, as migrations make them."""
    listed = sa.Table(
        f"{about}_list",
        metadata,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    signature = sa.Table(
        f"{about}_signature",
        metadata,
        sa.Column("number", sa.Integer, sa.ForeignKey(listed.c.number), primary_key=True, autoincrement=False),
        sa.Column("officer", sa.Text, primary_key=True),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    return listed, signature


class ListStore(Generic[ListT]):
    """Rows of one kind of list: the newest list alone, with its signatures."""

    def __init__(
        self, listed: sa.Table, signature: sa.Table, signed: Callable[[bytes, dict[str, bytes]], SignedList[ListT]]
    ) -> None:
        """Compile the statements; ``signed`` makes a list of its bytes and signatures."""
        self._signed = signed
        name = sa.func.hashtextextended(listed.name.replace("_", "-"), 0)
        self._hold = statement(sa.select(sa.func.pg_advisory_xact_lock(name)))
        self._share = statement(sa.select(sa.func.pg_advisory_xact_lock_shared(name)))
        self._delete = statement(sa.delete(listed))
        self._insert = statement(sa.insert(listed).values(number=_number, content=sa.bindparam("content", type_=sa.LargeBinary)))
        self._insert_signature = statement(
            sa.insert(signature).values(
                number=_number, officer=sa.bindparam("officer"), signature=sa.bindparam("signature", type_=sa.LargeBinary)
            )
        )
        self._current = statement(
            sa.select(listed.c.content, signature.c.officer, signature.c.signature)
            .select_from(listed.join(signature, signature.c.number == listed.c.number))
            .order_by(signature.c.officer)
        )

    async def hold(self, tx: Transaction) -> None:
        """Keep the list for the caller alone until the transaction ends: two who bring lists come one after the other."""
        await self._hold.all(tx)

    async def share(self, tx: Transaction) -> None:
        """Keep the list as it is until the transaction ends."""
        await self._share.all(tx)

    async def replace(self, tx: Transaction, number: int, signed: SignedList[ListT]) -> None:
        """Put this list in the place of the one that is there."""
        await self._delete.execute(tx)
        await self._insert.execute(tx, number=number, content=signed.raw)
        signatures = sorted(signed.signatures.items())
        rows = [{"number": number, "officer": name, "signature": made} for name, made in signatures]
        await self._insert_signature.many(tx, rows)

    async def current(self, tx: Transaction) -> SignedList[ListT] | None:
        """Return the list that was accepted last."""
        rows = await self._current.all(tx)
        return self._signed(rows[0]["content"], {row["officer"]: row["signature"] for row in rows}) if rows else None
