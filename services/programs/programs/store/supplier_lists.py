"""Rows of ``supplier_list`` and ``supplier_signature``: the newest list alone."""

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.suppliers import SignedSupplierList

from programs.store.order_tables import supplier_list, supplier_signature

_number = sa.bindparam("number", type_=sa.Integer)

# Two who bring lists come one after the other.
_NAME = sa.func.hashtextextended("supplier-list", 0)
_HOLD = statement(sa.select(sa.func.pg_advisory_xact_lock(_NAME)))
_DELETE = statement(sa.delete(supplier_list))
_INSERT = statement(sa.insert(supplier_list).values(number=_number, content=sa.bindparam("content", type_=sa.LargeBinary)))
_INSERT_SIGNATURE = statement(
    sa.insert(supplier_signature).values(
        number=_number, officer=sa.bindparam("officer"), signature=sa.bindparam("signature", type_=sa.LargeBinary)
    )
)
_CURRENT = statement(
    sa.select(supplier_list.c.content, supplier_signature.c.officer, supplier_signature.c.signature)
    .select_from(supplier_list.join(supplier_signature, supplier_signature.c.number == supplier_list.c.number))
    .order_by(supplier_signature.c.officer)
)


async def hold(tx: Transaction) -> None:
    """Keep the list for the caller alone until the transaction ends."""
    await _HOLD.all(tx)


async def replace(tx: Transaction, number: int, signed: SignedSupplierList) -> None:
    """Put this list in the place of the one that is there."""
    await _DELETE.execute(tx)
    await _INSERT.execute(tx, number=number, content=signed.raw)
    signatures = sorted(signed.signatures.items())
    await _INSERT_SIGNATURE.many(tx, [{"number": number, "officer": name, "signature": made} for name, made in signatures])


async def current(tx: Transaction) -> SignedSupplierList | None:
    """Return the list that was accepted last."""
    rows = await _CURRENT.all(tx)
    return SignedSupplierList(rows[0]["content"], {row["officer"]: row["signature"] for row in rows}) if rows else None
