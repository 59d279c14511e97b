"""The seal against a real server: order, transaction ids, the write-ahead log."""

import asyncio
import struct

import asyncpg
import pytest
from chassis.migrate import migrate
from chassis.seal import SealError, seal
from support.postgres import DatabaseUrls, ThrowawayCluster
from support.sample_service import SQL

ROWS = 300
WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
INSERT_NOTES = """
INSERT INTO note (id, folder, day, size, tags, keys)
SELECT gen_random_uuid(), int4send(n), '2026-04-01', n, '{}', '{}' FROM generate_series(1, $1) AS n
"""


@pytest.fixture
async def owner_url(database_urls: DatabaseUrls) -> str:
    """Fill the sample's database with rows in a known order, one transaction each."""
    await migrate(database_urls.owner_url, [SQL / "migrations"], SQL / "grants.sql", ThrowawayCluster.runtime_role)
    connection = await asyncpg.connect(database_urls.owner_url)
    try:
        for number in range(1, ROWS + 1):
            await connection.execute("INSERT INTO folder (id, parent) VALUES ($1, NULL)", struct.pack(">i", number))
        await connection.execute(INSERT_NOTES, ROWS)
    finally:
        await connection.close()
    return database_urls.owner_url


async def _heap(owner_url: str, column: str, table: str) -> tuple[list[bytes], int]:
    connection = await asyncpg.connect(owner_url)
    try:
        rows = await connection.fetch(f"SELECT {column} AS value, xmin::text AS writer FROM {table} ORDER BY ctid")
    finally:
        await connection.close()
    return [row["value"] for row in rows], len({row["writer"] for row in rows})


async def test_order_and_transactions_are_gone(owner_url: str) -> None:
    """After a seal the heap has the same rows in another order, all written by one transaction."""
    before, writers = await _heap(owner_url, "id", "folder")
    report = await seal(owner_url, ["note", "folder"])
    after, writers_after = await _heap(owner_url, "id", "folder")

    assert (
        sorted(after) == before,
        after != before,
        writers,
        writers_after,
        dict(report.rows),
    ) == (True, True, ROWS, 1, {"folder": ROWS, "note": ROWS})


async def test_old_log_segments_are_gone(owner_url: str, database_urls: DatabaseUrls) -> None:
    """No segment of the write-ahead log from before the seal is left."""
    superuser = await asyncpg.connect(database_urls.superuser_url)
    try:
        before = {row["name"] for row in await superuser.fetch("SELECT name FROM pg_ls_waldir()")}
        report = await seal(owner_url, ["note", "folder"])
        after = {row["name"] for row in await superuser.fetch("SELECT name FROM pg_ls_waldir()")}
    finally:
        await superuser.close()

    assert (before & after, report.old_segments, report.checkpoints, report.warnings) == (set(), None, 2, ())


async def test_request_in_another_order_is_not_failed(owner_url: str) -> None:
    """A request that takes the same tables the other way round goes on after a moment, and the seal succeeds."""
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            await connection.execute("INSERT INTO folder (id, parent) VALUES ($1, NULL)", bytes(4))
            sealing = asyncio.create_task(seal(owner_url, ["note", "folder"]))
            while not await connection.fetchval(WAITING):  # what is waited for happens in the database
                await asyncio.sleep(0.01)
            await connection.execute("UPDATE note SET size = size WHERE size = 1")
    finally:
        await connection.close()
    report = await sealing

    assert dict(report.rows) == {"folder": ROWS + 1, "note": ROWS}


async def test_table_that_refers_to_a_sealed_one_must_be_sealed(owner_url: str) -> None:
    """A foreign key from outside is named."""
    with pytest.raises(SealError) as error:
        await seal(owner_url, ["folder"])

    assert str(error.value) == "also seal note: a foreign key refers to a sealed table"


async def test_unknown_table_changes_nothing(owner_url: str) -> None:
    """A table that is not there is named, and the others stay as they were."""
    with pytest.raises(SealError, match="there is no table elsewhere"):
        await seal(owner_url, ["note", "folder", "elsewhere"])

    assert (await _heap(owner_url, "id", "folder"))[1] == ROWS
