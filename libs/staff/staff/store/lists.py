"""Rows of ``staff_list`` and ``staff_signature``: the newest list alone."""

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.staff import SignedStaffList

from staff.store.tables import staff_list, staff_signature

_number = sa.bindparam("number", type_=sa.Integer)

# Two who bring lists come one after the other, and no session opens under a list that is being replaced.
_NAME = sa.func.hashtextextended("staff-list", 0)
_HOLD = statement(sa.select(sa.func.pg_advisory_xact_lock(_NAME)))
_SHARE = statement(sa.select(sa.func.pg_advisory_xact_lock_shared(_NAME)))
_DELETE = statement(sa.delete(staff_list))
_INSERT = statement(sa.insert(staff_list).values(number=_number, content=sa.bindparam("content", type_=sa.LargeBinary)))
_INSERT_SIGNATURE = statement(
    sa.insert(staff_signature).values(
        number=_number, officer=sa.bindparam("officer"), signature=sa.bindparam("signature", type_=sa.LargeBinary)
    )
)
_CURRENT = statement(
    sa.select(staff_list.c.content, staff_signature.c.officer, staff_signature.c.signature)
    .select_from(staff_list.join(staff_signature, staff_signature.c.number == staff_list.c.number))
    .order_by(staff_signature.c.officer)
)


async def hold(tx: Transaction) -> None:
    """Keep the list for the caller alone until the transaction ends."""
    await _HOLD.all(tx)


async def share(tx: Transaction) -> None:
    """Keep the list as it is until the transaction ends."""
    await _SHARE.all(tx)


async def replace(tx: Transaction, number: int, signed: SignedStaffList) -> None:
    """Put this list in the place of the one that is there."""
    await _DELETE.execute(tx)
    await _INSERT.execute(tx, number=number, content=signed.raw)
    signatures = sorted(signed.signatures.items())
    await _INSERT_SIGNATURE.many(tx, [{"number": number, "officer": name, "signature": made} for name, made in signatures])


async def current(tx: Transaction) -> SignedStaffList | None:
    """Return the list that was accepted last."""
    rows = await _CURRENT.all(tx)
    return SignedStaffList(rows[0]["content"], {row["officer"]: row["signature"] for row in rows}) if rows else None
