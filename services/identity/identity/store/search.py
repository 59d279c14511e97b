"""What members are found under, in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.search import Hit, Indexed
from protocol.search import FIELDS, SALTS, Field
from sqlalchemy.dialects.postgresql import insert

from identity.store.records import metadata, record


def _tag(field: Field) -> str:
    return field.replace("-", "_") + "_tag"


_NAMES = [_tag(field) for field in FIELDS]
_BYTES = sa.ARRAY(sa.LargeBinary)

search_tag = sa.Table(
    "search_tag",
    metadata,
    sa.Column("ref", sa.LargeBinary, primary_key=True),
    *(sa.Column(name, sa.LargeBinary, nullable=False) for name in _NAMES),
)
record_opening = sa.Table(
    "record_opening",
    metadata,
    sa.Column("ref", sa.LargeBinary, primary_key=True),
    sa.Column("opening", sa.LargeBinary, nullable=False),
)

_refs = sa.bindparam("refs", type_=_BYTES)


def _rows(*names: str) -> Any:
    """Return arrays of parameters as rows of `ref` and these columns."""
    arrays = (sa.bindparam(f"{name}_s", type_=_BYTES) for name in names)
    columns = (sa.column(name, sa.LargeBinary) for name in ("ref", *names))
    return sa.func.unnest(_refs, *arrays).table_valued(*columns).render_derived()


def _put(table: sa.Table, *names: str) -> Any:
    rows = _rows(*names)
    said = insert(table).from_select(["ref", *names], sa.select(rows.c.ref, *(rows.c[name] for name in names)))
    return said.on_conflict_do_update(index_elements=[table.c.ref], set_={name: said.excluded[name] for name in names})


def _renew(field: Field) -> Any:
    rows = _rows(_tag(field))
    return sa.update(search_tag).where(search_tag.c.ref == rows.c.ref).values({_tag(field): rows.c[_tag(field)]})


def _taken(field: Field) -> Any:
    rows, column = _rows(_tag(field)), search_tag.c[_tag(field)]
    return sa.select(rows.c.ref).where(column == rows.c[_tag(field)], search_tag.c.ref != rows.c.ref)


def _find(field: Field) -> Any:
    word = sa.func.unnest(sa.bindparam("words", type_=_BYTES)).table_valued(sa.column("word", sa.LargeBinary)).render_derived()
    salt = sa.func.generate_series(0, SALTS - 1).table_valued(sa.column("salt", sa.SmallInteger)).render_derived()
    two_bytes = sa.func.int2send(sa.cast(salt.c.salt, sa.SmallInteger))
    tags = sa.select(sa.func.sha256(word.c.word.op("||")(two_bytes))).select_from(word.join(salt, sa.true())).scalar_subquery()
    # The tags come first and alone: nobody can estimate how many rows they find, and a plan for many would read all records.
    hit = (
        sa.select(search_tag.c.ref)
        .where(search_tag.c[_tag(field)] == sa.any_(sa.func.array(tags)))
        .limit(sa.bindparam("most", type_=sa.BigInteger))
        .cte("hit")
        .prefix_with("MATERIALIZED")
    )
    found = hit.join(record, record.c.ref == hit.c.ref).outerjoin(record_opening, record_opening.c.ref == hit.c.ref)
    return (
        sa.select(record.c.ref, record.c.version, record.c.record, record_opening.c.opening)
        .select_from(found)
        .order_by(record.c.ref)
    )


PUT_TAGS = statement(_put(search_tag, *_NAMES))
RENEW = {field: statement(_renew(field)) for field in FIELDS}
PUT_OPENINGS = statement(_put(record_opening, "opening"))
INDEXED = statement(sa.select(search_tag.c.ref).where(search_tag.c.ref == sa.any_(_refs)))
TAKEN = {field: statement(_taken(field)) for field in FIELDS}
FIND = {field: statement(_find(field)) for field in FIELDS}
ERASE = tuple(statement(sa.delete(table).where(table.c.ref == sa.any_(_refs))) for table in (search_tag, record_opening))


async def indexed(tx: Transaction, refs: Sequence[bytes]) -> frozenset[bytes]:
    """Return which of these members have tags."""
    return frozenset(row["ref"] for row in await INDEXED.all(tx, refs=list(refs)))


async def taken(tx: Transaction, field: Field, rows: Sequence[Indexed]) -> frozenset[bytes]:
    """Return which of these members are told a tag of a field that another member has."""
    told = [row for row in rows if field in row.tags]
    found = await TAKEN[field].all(tx, refs=[row.ref for row in told], **_columns(told, field))
    return frozenset(row["ref"] for row in found)


async def put_tags(tx: Transaction, rows: Sequence[Indexed]) -> None:
    """Keep tags: rows with all fields take the place of what is there, others renew their fields."""
    whole = [row for row in rows if row.tags.keys() == set(FIELDS)]
    if whole:
        await PUT_TAGS.execute(tx, refs=[row.ref for row in whole], **_columns(whole, *FIELDS))
    for field in FIELDS:
        told = [row for row in rows if field in row.tags and row.tags.keys() != set(FIELDS)]
        if told:
            await RENEW[field].execute(tx, refs=[row.ref for row in told], **_columns(told, field))


async def put_openings(tx: Transaction, openings: Mapping[bytes, bytes]) -> None:
    """Keep openings by reference, in the place of what is there."""
    if openings:
        await PUT_OPENINGS.execute(tx, refs=list(openings), opening_s=list(openings.values()))


async def find(tx: Transaction, field: Field, words: Sequence[bytes], most: int) -> list[Hit]:
    """Return members whom one of the evaluated words finds, in the order of their references."""
    rows = await FIND[field].all(tx, words=list(words), most=most)
    return [Hit(ref=row["ref"], version=row["version"], record=row["record"], opening=row["opening"]) for row in rows]


async def erase(tx: Transaction, refs: Sequence[bytes]) -> None:
    """Delete what these members are found under."""
    for each in ERASE:
        await each.execute(tx, refs=list(refs))


def _columns(rows: Sequence[Indexed], *fields: Field) -> dict[str, list[bytes]]:
    columns: dict[str, list[bytes]] = {}
    for field in fields:
        columns[f"{_tag(field)}_s"] = [row.tags[field] for row in rows]
    return columns
