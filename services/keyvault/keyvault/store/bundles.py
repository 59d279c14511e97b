"""Bundles in SQL."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

metadata = sa.MetaData()

bundle = sa.Table(
    "bundle",
    metadata,
    sa.Column("ref", sa.LargeBinary, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("bundle", sa.LargeBinary, nullable=False),
)

_c = bundle.c
_ref = sa.bindparam("member", type_=sa.LargeBinary)
_version = sa.bindparam("v", type_=sa.Integer)
_refs = sa.bindparam("refs", type_=sa.ARRAY(sa.LargeBinary))
_bundles = sa.bindparam("bundles", type_=sa.ARRAY(sa.LargeBinary))
_rows = (
    sa.func.unnest(_refs, _bundles)
    .table_valued(sa.column("ref", sa.LargeBinary), sa.column("bundle", sa.LargeBinary))
    .render_derived()
)
_first = insert(bundle).from_select(["ref", "version", "bundle"], sa.select(_rows.c.ref, sa.literal_column("0"), _rows.c.bundle))

FIRST = statement(_first.on_conflict_do_update(index_elements=[_c.ref, _c.version], set_={"bundle": _first.excluded.bundle}))
INSERT = statement(
    insert(bundle)
    .values(ref=_ref, version=_version, bundle=sa.bindparam("sealed", type_=sa.LargeBinary))
    .on_conflict_do_nothing(index_elements=[_c.ref, _c.version])
)
FIND = statement(sa.select(_c.bundle).where(_c.ref == _ref, _c.version == _version))
SINCE = statement(sa.select(_c.version, _c.bundle).where(_c.ref == _ref, _c.version >= _version).order_by(_c.version))
DROP = statement(sa.delete(bundle).where(_c.ref == _ref, _c.version <= _version))

ERASE = statement(sa.delete(bundle).where(_c.ref == sa.any_(_refs)))


async def store_first(tx: Transaction, rows: Mapping[bytes, bytes]) -> None:
    """Store version 0 by reference, in place of what is there."""
    await FIRST.execute(tx, refs=list(rows), bundles=list(rows.values()))


async def insert_once(tx: Transaction, ref: bytes, version: int, sealed: bytes) -> bool:
    """Store a bundle; return False, changing nothing, when one of this version is there."""
    return bool(await INSERT.execute(tx, member=ref, v=version, sealed=sealed))


async def find(tx: Transaction, ref: bytes, version: int) -> bytes | None:
    """Return the bundle of a version."""
    sealed: bytes | None = await FIND.scalar(tx, member=ref, v=version)
    return sealed


async def since(tx: Transaction, ref: bytes, version: int) -> list[tuple[int, bytes]]:
    """Return the bundles of this version and after, the oldest first."""
    return [(row["version"], row["bundle"]) for row in await SINCE.all(tx, member=ref, v=version)]


async def erase(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Delete every bundle of these members."""
    await ERASE.execute(tx, refs=list(refs))


async def drop(tx: Transaction, ref: bytes, version: int) -> None:
    """Delete the bundles of this version and before."""
    await DROP.execute(tx, member=ref, v=version)
