"""Sets the database of a running host back to what it was, as a backup that is played back by mistake or on purpose."""

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from drill.world import World

_ATTEMPTS = 10
Dump = Mapping[str, bytes]
"""Each table's rows, those that others refer to first."""


async def dumped(world: World, host: str) -> Dump:
    """Return all rows of a host, but for what a database forgets by itself: which proofs were seen."""
    async with _owner(world, host) as connection, connection.transaction(isolation="repeatable_read"):
        return {table: await _copied(connection, table) for table in await _tables(connection)}


@asynccontextmanager
async def set_back(world: World, host: str, to: Dump) -> AsyncIterator[None]:
    """Let a host go on from an older state within the block, and then from where it was before."""
    now = await dumped(world, host)
    await _restore(world, host, to)
    try:
        yield
    finally:
        await _restore(world, host, now)


async def _restore(world: World, host: str, dump: Dump) -> None:
    """Fill the tables anew; the host's own background work may hold some in another order, and is let through."""
    for last in (*[False] * _ATTEMPTS, True):
        try:
            await _filled(world, host, dump)
        except asyncpg.DeadlockDetectedError:
            if last:
                raise
        else:
            return


async def _filled(world: World, host: str, dump: Dump) -> None:
    async with _owner(world, host) as connection, connection.transaction():
        await connection.execute(f"TRUNCATE {', '.join(dump)}")
        for table, rows in dump.items():
            await connection.copy_to_table(table, source=io.BytesIO(rows), format="binary")


async def _copied(connection: Any, table: str) -> bytes:
    rows = io.BytesIO()
    await connection.copy_from_table(table, output=rows, format="binary")
    return rows.getvalue()


async def _tables(connection: Any) -> list[str]:
    """Return the logged tables of the service, each after those it refers to."""
    named = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p' AND relnamespace = 'public'::regnamespace "
        "AND relname NOT IN ('schema_migration', 'once_mark') ORDER BY 1"
    )
    edges = await connection.fetch(
        "SELECT c.relname AS of, r.relname AS to FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "JOIN pg_class r ON r.oid = k.confrelid WHERE k.contype = 'f'"
    )
    return _ordered([row["relname"] for row in named], {(row["of"], row["to"]) for row in edges})


def _ordered(names: Sequence[str], edges: set[tuple[str, str]]) -> list[str]:
    ordered: list[str] = []
    while left := [name for name in names if name not in ordered]:
        ready = [name for name in left if all(to in ordered or to == of for of, to in edges if of == name)]
        assert ready, "tables refer to each other in a circle"
        ordered += ready
    return ordered


@asynccontextmanager
async def _owner(world: World, host: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(world.system.owner_urls[host])
    try:
        yield connection
    finally:
        await connection.close()
