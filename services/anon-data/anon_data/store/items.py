"""Rows of ``item``: the code table, which belongs to no member."""

from collections.abc import Mapping

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.records import Item
from sqlalchemy.dialects.postgresql import JSONB, insert

metadata = sa.MetaData()
item = sa.Table(
    "item",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("display", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("unit", sa.Text),
    sa.Column("choices", sa.Text),
    sa.Column("labels", JSONB),
    sa.Column("loinc", sa.Text),
)
item_generation = sa.Table(
    "item_generation",
    metadata,
    sa.Column("single", sa.Boolean, primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False),
)

_FIELDS = ("code", "name", "display", "kind", "unit", "choices", "labels", "loinc")
_GENERATION = statement(sa.select(item_generation.c.generation))
_ALL = statement(sa.select(item))
_insert = insert(item).values({column.name: sa.bindparam(column.name, type_=column.type) for column in item.columns})
_PUT = statement(_insert.on_conflict_do_update(index_elements=[item.c.id], set_={name: _insert.excluded[name] for name in _FIELDS}))
_COUNT_CHANGE = statement(sa.update(item_generation).values(generation=item_generation.c.generation + 1))


async def generation(tx: Transaction) -> int:
    """Return how often the code table was changed."""
    return int((await _GENERATION.one(tx))[0])


async def all_items(tx: Transaction) -> dict[int, Item]:
    """Return the code table by its ids."""
    return {row["id"]: Item.model_construct(**{name: row[name] for name in _FIELDS}) for row in await _ALL.all(tx)}


async def put(tx: Transaction, entries: Mapping[int, Item]) -> None:
    """Insert or replace the entries of these ids, and count the change."""
    await _PUT.many(tx, [{"id": number, **entry.model_dump()} for number, entry in entries.items()])
    await _COUNT_CHANGE.execute(tx)


async def hold(tx: Transaction) -> None:
    """Keep other changes of the code table waiting until the transaction ends."""
    await tx.lock("items")
