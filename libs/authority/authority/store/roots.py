"""Generations of roots: how many salts each has, and how each is known again."""

from collections.abc import Mapping

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

from authority.store.tables import p_bytes, p_root, salt, share_root

REMEMBER = statement(
    insert(share_root)
    .values(generation=p_root("number"), mark=p_bytes("value"))
    .on_conflict_do_nothing(index_elements=[share_root.c.generation])
)
REMEMBERED = statement(sa.select(share_root.c.generation, share_root.c.mark))
COUNT = statement(sa.select(salt.c.root, sa.func.count().label("salts")).group_by(salt.c.root))


async def remember(tx: Transaction, marks: Mapping[int, bytes]) -> None:
    """Keep the check value of each generation that has none yet."""
    for generation, mark in sorted(marks.items()):
        await REMEMBER.execute(tx, number=generation, value=mark)


async def remembered(tx: Transaction) -> dict[int, bytes]:
    """Return the check value of each generation that has one."""
    return {row["generation"]: row["mark"] for row in await REMEMBERED.all(tx)}


async def count_salts(tx: Transaction) -> dict[int, int]:
    """Return how many salts each generation has, for those that have any."""
    return {row["root"]: row["salts"] for row in await COUNT.all(tx)}
