"""The references under which the other authorities know a member."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.names import AuthorityName
from sqlalchemy.dialects.postgresql import insert

from gateway.store.tables import pairwise_reference as table


@dataclass(frozen=True)
class References:
    """One member's three unrelated references, 16 bytes each."""

    gateway: bytes
    keyvault: bytes
    identity: bytes

    def at(self, host: AuthorityName) -> bytes:
        """Return the reference under which one authority knows the member."""
        return {"gateway": self.gateway, "keyvault": self.keyvault, "identity": self.identity}[host]


_insert = statement(insert(table).on_conflict_do_nothing())
_of = statement(sa.select(table.c.ref, table.c.ref_keyvault, table.c.ref_identity).where(table.c.ref == sa.bindparam("member")))
_members = sa.bindparam("members", type_=sa.ARRAY(sa.LargeBinary))
_delete = statement(sa.delete(table).where(table.c.ref == sa.any_(_members)))
_among = statement(sa.select(table.c.ref, table.c.ref_keyvault, table.c.ref_identity).where(table.c.ref == sa.any_(_members)))


async def delete(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Forget the references of these members."""
    await _delete.execute(tx, members=list(refs))


async def add(tx: Transaction, rows: Iterable[References]) -> None:
    """Keep references that are new; those of a member, or of anybody else's, that are there stay as they are."""
    await _insert.many(tx, [{"ref": row.gateway, "ref_keyvault": row.keyvault, "ref_identity": row.identity} for row in rows])


async def of(tx: Transaction, ref: bytes) -> References | None:
    """Return the references of one member."""
    row = await _of.one_or_none(tx, member=ref)
    return None if row is None else References(row["ref"], row["ref_keyvault"], row["ref_identity"])


async def among(tx: Transaction, refs: Iterable[bytes]) -> set[References]:
    """Return the references kept for any of these members."""
    rows = await _among.all(tx, members=list(refs))
    return {References(row["ref"], row["ref_keyvault"], row["ref_identity"]) for row in rows}
