"""Wishes and updates in SQL."""

from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.profiles import Update, Wish
from sqlalchemy.dialects.postgresql import insert

from identity.store.records import metadata, record

profile_wish = sa.Table(
    "profile_wish",
    metadata,
    sa.Column("ref", sa.LargeBinary, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
profile_update = sa.Table(
    "profile_update",
    metadata,
    sa.Column("ref", sa.LargeBinary, primary_key=True),
    sa.Column("whole", sa.Boolean, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

_w, _u = profile_wish.c, profile_update.c
_ref = sa.bindparam("member", type_=sa.LargeBinary)
_refs = sa.bindparam("refs", type_=sa.ARRAY(sa.LargeBinary))
_hashes = sa.bindparam("hashes", type_=sa.ARRAY(sa.LargeBinary))
_wish = insert(profile_wish).values(ref=_ref, sealed=sa.bindparam("note", type_=sa.LargeBinary))
_rows = (
    sa.func.unnest(_refs, sa.bindparam("wholes", type_=sa.ARRAY(sa.Boolean)), sa.bindparam("notes", type_=sa.ARRAY(sa.LargeBinary)))
    .table_valued(sa.column("ref", sa.LargeBinary), sa.column("whole", sa.Boolean), sa.column("sealed", sa.LargeBinary))
    .render_derived()
)
_update = insert(profile_update).from_select(["ref", "whole", "sealed"], sa.select(_rows.c.ref, _rows.c.whole, _rows.c.sealed))
_settling = (
    sa.func.unnest(_refs, _hashes)
    .table_valued(sa.column("ref", sa.LargeBinary), sa.column("hash", sa.LargeBinary))
    .render_derived()
)

PUT_WISH = statement(_wish.on_conflict_do_update(index_elements=[_w.ref], set_={"sealed": _wish.excluded.sealed}))
WISHES = statement(
    sa.select(_w.ref, _w.sealed)
    .where(_w.ref > sa.bindparam("after", type_=sa.LargeBinary))
    .order_by(_w.ref)
    .limit(sa.bindparam("most", type_=sa.BigInteger))
)
SETTLE = statement(sa.delete(profile_wish).where(_w.ref == _settling.c.ref, sa.func.sha256(_w.sealed) == _settling.c.hash))
REPLACED = statement(sa.delete(profile_update).where(_u.ref == sa.any_(_refs), sa.not_(_u.whole)))
PUT_UPDATES = statement(_update.on_conflict_do_update(index_elements=[_u.ref, _u.whole], set_={"sealed": _update.excluded.sealed}))
_updates = sa.select(_u.sealed).where(_u.ref == _ref).order_by(_u.whole.desc()).scalar_subquery()
# With the record in one statement, because every release reads both.
RELEASED = statement(
    sa.select(record.c.version, record.c.record, sa.func.array(_updates).label("updates")).where(record.c.ref == _ref)
)
TAKEN = statement(sa.delete(profile_update).where(_u.ref == _ref, sa.func.sha256(_u.sealed) == sa.any_(_hashes)))
ERASE = tuple(statement(sa.delete(table).where(table.c.ref == sa.any_(_refs))) for table in (profile_wish, profile_update))


async def put_wish(tx: Transaction, ref: bytes, sealed: bytes) -> None:
    """Keep a member's wish in the place of an older one."""
    await PUT_WISH.execute(tx, member=ref, note=sealed)


async def wishes(tx: Transaction, after: bytes, most: int) -> tuple[Wish, ...]:
    """Return wishes in the order of their references."""
    return tuple(Wish(ref=row["ref"], sealed=row["sealed"]) for row in await WISHES.all(tx, after=after, most=most))


async def put_updates(tx: Transaction, rows: Sequence[Update]) -> None:
    """Keep updates; one that says every field takes the place of all that waits. Wishes that they settle go."""
    whole = [row.ref for row in rows if row.whole]
    if whole:
        await REPLACED.execute(tx, refs=whole)
    columns = {"refs": [row.ref for row in rows], "wholes": [row.whole for row in rows], "notes": [row.sealed for row in rows]}
    await PUT_UPDATES.execute(tx, **columns)
    settled = {row.ref: row.settles for row in rows if row.settles is not None}
    if settled:
        await SETTLE.execute(tx, refs=list(settled), hashes=list(settled.values()))


async def released(tx: Transaction, ref: bytes) -> tuple[int, bytes, list[bytes]] | None:
    """Return version and ciphertext of a member's record, and what the insurer says about it since, in order."""
    row = await RELEASED.one_or_none(tx, member=ref)
    return None if row is None else (row["version"], row["record"], row["updates"])


async def taken(tx: Transaction, ref: bytes, hashes: Sequence[bytes]) -> int:
    """Delete updates by their hashes and return how many there were."""
    return await TAKEN.execute(tx, member=ref, hashes=list(hashes))


async def erase(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Delete what waits of and for these members."""
    for each in ERASE:
        await each.execute(tx, refs=list(refs))
