"""The pool, named transactions and statements against a real server."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal

import asyncpg
import pytest
import sqlalchemy as sa
from chassis.database import CheckViolation, Database, NotOneRow, Transaction, UniqueViolation, drift, statement
from chassis.migrate import migrate
from chassis.problems import Unavailable
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from support.postgres import DatabaseUrls, ThrowawayCluster
from support.sample_service import SQL, folder, metadata, note

ADD_FOLDER = statement(sa.insert(folder))
ADD_NOTE = statement(sa.insert(note))
NOTES = statement(sa.select(note).where(note.c.folder == sa.bindparam("folder")).order_by(note.c.size))
GROW = statement(
    sa.update(note)
    .where(note.c.folder == sa.any_(sa.bindparam("folders", type_=ARRAY(sa.LargeBinary))))
    .values(size=note.c.size + sa.bindparam("by", type_=sa.SmallInteger))
    .returning(note.c.size)
)
ONCE = statement(upsert(folder).values(id=sa.bindparam("id")).on_conflict_do_nothing())


@pytest.fixture
async def db(database_urls: DatabaseUrls) -> AsyncIterator[Database]:
    """Open the sample's database by its runtime role."""
    await migrate(database_urls.owner_url, [SQL / "migrations"], SQL / "grants.sql", ThrowawayCluster.runtime_role)
    db = await Database.open(database_urls.runtime_url, 1, 4)
    async with db.transaction("folders") as tx:
        await ADD_FOLDER.many(tx, [{"id": b"\0one", "parent": None}, {"id": b"\0two", "parent": b"\0one"}])
    yield db
    await db.close()


def _note(size: int, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "id": uuid.uuid4(),
        "folder": b"\0one",
        "day": date(2026, 4, 1),
        "size": size,
        "price": Decimal("12.50"),
        "tags": ["a", "歩"],
        "keys": [b"\xff", b""],
        "extra": {"n": [1, None, "語"]},
        "seen": datetime(2026, 4, 1, 9, tzinfo=UTC),
        "good": False,
    }
    return values | changes


async def test_every_type_comes_back(db: Database) -> None:
    """bytea, date, smallint, numeric, uuid, arrays, jsonb, timestamptz and boolean survive the way there and back."""
    sent = _note(3)
    async with db.transaction("types") as tx:
        await ADD_NOTE.execute(tx, **sent)
        row = await NOTES.one(tx, folder=b"\0one")

    assert dict(row) == sent


async def test_copy_and_many_carry_the_same_types(db: Database) -> None:
    """COPY and pipelined inserts use the same codecs."""
    copied, inserted = _note(1), _note(2, extra=None)
    async with db.transaction("bulk") as tx:
        number = await tx.copy(note, list(copied), [tuple(copied.values())])
        await ADD_NOTE.many(tx, [inserted])
        rows = await NOTES.all(tx, folder=b"\0one")

    assert (number, [dict(row) for row in rows]) == (1, [copied, inserted])


async def test_execute_counts_rows(db: Database) -> None:
    """An upsert says whether it stored the row."""
    async with db.transaction("once") as tx:
        counts = [await ONCE.execute(tx, id=b"new") for _ in range(2)]

    assert counts == [1, 0]


async def test_update_with_array_and_returning(db: Database) -> None:
    """An array parameter and RETURNING work together; no row gives None."""
    async with db.transaction("grow") as tx:
        await ADD_NOTE.execute(tx, **_note(3))
        grown = await GROW.scalar(tx, folders=[b"\0one", b"none"], by=4)
        nothing = await GROW.scalar(tx, folders=[], by=4)

    assert (grown, nothing) == (7, None)


async def test_one_refuses_several(db: Database) -> None:
    """A statement for one row refuses none and several."""
    async with db.transaction("several") as tx:
        await ADD_NOTE.many(tx, [_note(1), _note(2)])
        with pytest.raises(NotOneRow, match="2 rows"):
            await NOTES.one_or_none(tx, folder=b"\0one")
        with pytest.raises(NotOneRow, match="0 rows"):
            await NOTES.one(tx, folder=b"\0two")

        assert await NOTES.one_or_none(tx, folder=b"\0two") is None


async def test_failed_transaction_leaves_nothing(db: Database) -> None:
    """A violated constraint raises its own class and rolls everything back."""

    async def twice(tx: Transaction) -> None:
        await ADD_NOTE.execute(tx, **_note(1))
        await ADD_FOLDER.execute(tx, id=b"\0one", parent=None)

    async def negative(tx: Transaction) -> None:
        await ADD_NOTE.execute(tx, **_note(-1))

    with pytest.raises(UniqueViolation):
        await db.run("twice", twice)
    with pytest.raises(CheckViolation):
        await db.run("negative", negative)
    async with db.transaction("look", readonly=True) as tx:
        rows = await NOTES.all(tx, folder=b"\0one")

    assert rows == []


async def test_readonly_transaction_cannot_write(db: Database) -> None:
    """The server refuses writes in a read-only transaction."""
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError) as error:
        async with db.transaction("look", readonly=True) as tx:
            await ONCE.execute(tx, id=b"x")

    assert error.value.sqlstate == "25006"


async def test_run_repeats_what_lost_a_race(db: Database) -> None:
    """Two serializable transactions that collide both finish when run again."""
    async with db.transaction("seed") as tx:
        await ADD_NOTE.execute(tx, **_note(0))
    barrier = asyncio.Barrier(2)
    attempts: list[int] = []

    async def grow(tx: Transaction) -> int:
        attempts.append(1)
        await NOTES.all(tx, folder=b"\0one")
        if len(attempts) <= 2:
            await barrier.wait()
        return int(await GROW.scalar(tx, folders=[b"\0one"], by=1))

    sizes = await asyncio.gather(*(db.run("grow", grow, isolation="serializable") for _ in range(2)))

    assert (sorted(sizes), len(attempts)) == ([1, 2], 3)


async def test_lock_is_exclusive_and_ends_with_the_transaction(db: Database) -> None:
    """A second transaction waits for the advisory lock until the first is over."""
    order: list[str] = []

    async def second() -> None:
        async with db.transaction("second") as tx:
            await tx.lock("press")
            order.append("second")

    async with db.transaction("first") as tx:
        await tx.lock("press")
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.1)
        order.append("first")
    await waiting

    assert order == ["first", "second"]


async def test_lost_connection_is_unavailable(db: Database, cluster: ThrowawayCluster, database_urls: DatabaseUrls) -> None:
    """A connection that the server ended becomes 503, and the next transaction works."""
    kill = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database_urls.name}'"

    async def lose(tx: Transaction) -> None:
        await tx.run("SELECT 1 AS one")
        await asyncio.to_thread(cluster.sql, kill)
        await tx.run("SELECT 1 AS one")

    with pytest.raises(Unavailable):
        await db.run("lost", lose)
    async with db.transaction("again") as tx:
        rows = await tx.run("SELECT 1 AS one")

    assert rows[0]["one"] == 1


async def _backend(db: Database, seconds: float = 0.0) -> int:
    async with db.statements("backend") as tx:
        (row,) = await tx.run("SELECT pg_backend_pid() AS pid, pg_sleep($1)", seconds)
    return int(row["pid"])


async def test_more_blocks_than_connections(db: Database) -> None:
    """Who waits for a connection is given one that another block gives back; the one given back last is taken first."""
    waited = await asyncio.wait_for(asyncio.gather(*(_backend(db, 0.05) for _ in range(20))), 5)
    one_by_one = {await _backend(db) for _ in range(3)}

    assert len(set(waited)) == 4
    assert len(one_by_one) == 1


async def test_connections_lost_while_nobody_used_them(db: Database, database_urls: DatabaseUrls) -> None:
    """They are not given to anybody."""
    before = set(await asyncio.gather(*(_backend(db, 0.05) for _ in range(4))))
    admin = await asyncpg.connect(database_urls.superuser_url)
    await admin.execute("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", list(before))
    await admin.close()
    await asyncio.sleep(0.2)

    after = set(await asyncio.gather(*(_backend(db, 0.05) for _ in range(4))))

    assert len(after) == 4
    assert not after & before


async def test_closing_waits_for_what_runs(database_urls: DatabaseUrls) -> None:
    """A block that runs while the pool closes ends as it would, and its connection is closed."""
    db = await Database.open(database_urls.runtime_url, 1, 4)
    await _backend(db)
    running = asyncio.create_task(_backend(db, 0.3))
    await asyncio.sleep(0.05)
    await asyncio.wait_for(db.close(), 5)

    assert running.done()
    admin = await asyncpg.connect(database_urls.superuser_url)
    left = await admin.fetchval("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", await running)
    await admin.close()
    assert left == 0


async def test_no_drift_between_tables_and_migrations(db: Database) -> None:
    """The sample's tables in Python are the tables in the database."""
    assert await drift(db, metadata) == []


async def test_drift_is_named(db: Database) -> None:
    """Every kind of difference is one sentence."""
    other = sa.MetaData()
    sa.Table("missing", other, sa.Column("id", sa.Integer))
    sa.Table("folder", other, sa.Column("id", sa.Text, nullable=True), sa.Column("colour", sa.Text))

    assert await drift(db, other) == [
        "folder.colour: only in Python",
        "folder.id: nullable in Python, not null in the database",
        "folder.id: text in Python, bytea in the database",
        "folder.parent: only in the database",
        "missing: the database has no such table",
    ]
