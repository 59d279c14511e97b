"""The references under which the other authorities know a member."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
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
_members = sa.bindparam("members", type_=sa.ARRAY(sa.LargeBinary))
_delete = statement(sa.delete(table).where(table.c.ref == sa.any_(_members)))
_among = statement(sa.select(table.c.ref, table.c.ref_keyvault, table.c.ref_identity).where(table.c.ref == sa.any_(_members)))


async def delete(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Forget the references of these members."""
    await _delete.execute(tx, members=list(refs))


async def add(tx: Transaction, rows: Iterable[References]) -> None:
    """Keep references that are new; those of a member, or of anybody else's, that are there stay as they are."""
    await _insert.many(tx, [{"ref": row.gateway, "ref_keyvault": row.keyvault, "ref_identity": row.identity} for row in rows])


def of(ref: "sa.ColumnElement[bytes]") -> "tuple[sa.Label[bytes | None], ...]":
    """Return columns for another table's statement: what the others know the member by, whom that one names in ``ref``."""
    return tuple(
        sa.select(table.c[name]).where(table.c.ref == ref).scalar_subquery().label(name)
        for name in ("ref_keyvault", "ref_identity")
    )


def read(row: Record) -> References | None:
    """Return the references of a row that has ``ref`` and the columns of `of`; None where the member is there no more."""
    if row["ref_keyvault"] is None:
        return None
    return References(row["ref"], row["ref_keyvault"], row["ref_identity"])


async def among(tx: Transaction, refs: Iterable[bytes]) -> set[References]:
    """Return the references kept for any of these members."""
    rows = await _among.all(tx, members=list(refs))
    return {References(row["ref"], row["ref_keyvault"], row["ref_identity"]) for row in rows}
