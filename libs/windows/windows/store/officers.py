"""Officers' lists in SQL."""

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.officers import SignedOfficerList
from sqlalchemy.dialects.postgresql import ARRAY, insert

metadata = sa.MetaData()

officer_list = sa.Table(
    "officer_list",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("signers", ARRAY(sa.Text), nullable=False),
    sa.Column("signatures", ARRAY(sa.LargeBinary), nullable=False),
)

_list = officer_list.c
_number = sa.bindparam("number", type_=sa.Integer)

INSERT = statement(
    insert(officer_list)
    .values({column.name: sa.bindparam(column.name, type_=column.type) for column in officer_list.columns})
    .on_conflict_do_nothing()
)
AFTER = statement(sa.select(_list.content, _list.signers, _list.signatures).where(_list.number > _number).order_by(_list.number))


async def insert_list(tx: Transaction, number: int, signed: SignedOfficerList) -> bool:
    """Store a list; return False, storing nothing, when one of this number is there."""
    signers = sorted(signed.signatures)
    signatures = [signed.signatures[signer] for signer in signers]
    return bool(await INSERT.execute(tx, number=number, content=signed.raw, signers=signers, signatures=signatures))


async def lists_after(tx: Transaction, number: int) -> list[SignedOfficerList]:
    """Return the stored lists of higher numbers, the lowest first."""
    rows = await AFTER.all(tx, number=number)
    return [SignedOfficerList(row["content"], dict(zip(row["signers"], row["signatures"], strict=True))) for row in rows]
