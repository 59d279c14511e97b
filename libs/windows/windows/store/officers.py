"""Officers' lists in SQL."""

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.officers import SignedOfficerList
from sqlalchemy.dialects.postgresql import insert

from windows.store.signed_lists import list_tables

metadata = sa.MetaData()
officer_list, officer_signature = list_tables("officer", metadata)
_list, _signature = officer_list.c, officer_signature.c
_number = sa.bindparam("number", type_=sa.Integer)

INSERT = statement(
    insert(officer_list).values(number=_number, content=sa.bindparam("content", type_=sa.LargeBinary)).on_conflict_do_nothing()
)
INSERT_SIGNATURE = statement(
    insert(officer_signature).values(
        number=_number, officer=sa.bindparam("officer"), signature=sa.bindparam("signature", type_=sa.LargeBinary)
    )
)
AFTER = statement(
    sa.select(_list.number, _list.content, _signature.officer, _signature.signature)
    .select_from(officer_list.outerjoin(officer_signature, _signature.number == _list.number))
    .where(_list.number > _number)
    .order_by(_list.number, _signature.officer)
)


async def insert_list(tx: Transaction, number: int, signed: SignedOfficerList) -> bool:
    """Store a list with its signatures; return False, storing nothing, when one of this number is there."""
    if not await INSERT.execute(tx, number=number, content=signed.raw):
        return False
    signatures = sorted(signed.signatures.items())
    await INSERT_SIGNATURE.many(tx, [{"number": number, "officer": name, "signature": made} for name, made in signatures])
    return True


async def lists_after(tx: Transaction, number: int) -> list[SignedOfficerList]:
    """Return the stored lists of higher numbers, the lowest first."""
    found: dict[int, SignedOfficerList] = {}
    for row in await AFTER.all(tx, number=number):
        signed = found.setdefault(row["number"], SignedOfficerList(row["content"], {}))
        if row["officer"] is not None:
            signed.signatures[row["officer"]] = row["signature"]
    return list(found.values())
