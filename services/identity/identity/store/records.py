"""Records in SQL."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

metadata = sa.MetaData()

record = sa.Table(
    "record",
    metadata,
    sa.Column("ref", sa.LargeBinary, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("record", sa.LargeBinary, nullable=False),
)

_c = record.c
_refs = sa.bindparam("refs", type_=sa.ARRAY(sa.LargeBinary))
_records = sa.bindparam("records", type_=sa.ARRAY(sa.LargeBinary))
_rows = (
    sa.func.unnest(_refs, _records)
    .table_valued(sa.column("ref", sa.LargeBinary), sa.column("record", sa.LargeBinary))
    .render_derived()
)
_first = insert(record).from_select(["ref", "version", "record"], sa.select(_rows.c.ref, sa.literal_column("0"), _rows.c.record))

FIRST = statement(_first.on_conflict_do_update(index_elements=[_c.ref], set_={"record": _first.excluded.record}))
FIND = statement(sa.select(_c.version, _c.record).where(_c.ref == sa.bindparam("member", type_=sa.LargeBinary)))

REPLACE = statement(
    sa.update(record)
    .where(_c.ref == sa.bindparam("member", type_=sa.LargeBinary))
    .values(version=sa.bindparam("v", type_=sa.Integer), record=sa.bindparam("sealed", type_=sa.LargeBinary))
)
ERASE = statement(sa.delete(record).where(_c.ref == sa.any_(_refs)))


async def store_first(tx: Transaction, rows: Mapping[bytes, bytes]) -> None:
    """Store version 0 by reference, in place of what is there."""
    await FIRST.execute(tx, refs=list(rows), records=list(rows.values()))


async def replace(tx: Transaction, ref: bytes, version: int, sealed: bytes) -> None:
    """Store another version of a member's record."""
    await REPLACE.execute(tx, member=ref, v=version, sealed=sealed)


async def erase(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Delete the records of these members."""
    await ERASE.execute(tx, refs=list(refs))


async def find(tx: Transaction, ref: bytes) -> tuple[int, bytes] | None:
    """Return version and ciphertext of a member's record."""
    row = await FIND.one_or_none(tx, member=ref)
    return None if row is None else (row["version"], row["record"])
