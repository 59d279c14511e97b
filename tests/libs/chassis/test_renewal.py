"""Tables written anew beside themselves: nobody waits for the writing, nothing written meanwhile is lost, all is made as before."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import pytest
from chassis.database import Database
from chassis.seal import SealError, seal
from chassis.turns import OutOfTurn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.definitions import definitions
from support.postgres import DatabaseUrls, ThrowawayCluster

TABLES = ("folder", "note")
HELD = 20261127
WAITING = """
SELECT EXISTS (
    SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE NOT l.granted AND d.datname = current_database()
)"""
"""Of this database: other tests have theirs on the same server."""
# Indexing a copy calls `slowly`, which waits for whoever holds the advisory lock: so a test stops a seal while it builds.
SCHEMA = f"""
CREATE TABLE folder (
    id integer PRIMARY KEY,
    label text COLLATE "C" NOT NULL DEFAULT 'none' CONSTRAINT folder_label_is_short CHECK (length(label) < 90),
    width integer GENERATED ALWAYS AS (length(label)) STORED,
    parent integer CONSTRAINT folder_within REFERENCES folder (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT folder_label_once UNIQUE (label)
) WITH (fillfactor = 90);
ALTER TABLE folder ALTER COLUMN label SET STATISTICS 0;
COMMENT ON TABLE folder IS 'What holds notes.';
COMMENT ON COLUMN folder.label IS 'On its back.';
CREATE TABLE shelf (id integer PRIMARY KEY);
CREATE TABLE note (
    folder integer REFERENCES folder (id) ON DELETE CASCADE,
    shelf integer REFERENCES shelf (id),
    number integer,
    "text" bytea STORAGE EXTERNAL,
    PRIMARY KEY (folder, number)
);
COMMENT ON CONSTRAINT note_shelf_fkey ON note IS 'Where it stands.';
CREATE FUNCTION slowly(value integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE SET lock_timeout = 0 AS $$
BEGIN PERFORM pg_advisory_lock({HELD}); PERFORM pg_advisory_unlock({HELD}); RETURN value; END $$;
CREATE UNIQUE INDEX note_by_text ON note USING btree (md5("text") DESC, number) WHERE number > 1;
CREATE INDEX note_slowly ON note (slowly(number)) WHERE folder = 40;
CREATE VIEW notes_of WITH (security_barrier) AS SELECT f.label, n.number FROM folder f JOIN note n ON n.folder = f.id;
CREATE VIEW labels AS SELECT label FROM notes_of GROUP BY label;
CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'it stays' USING ERRCODE = '23001'; END $$;
CREATE TRIGGER folder_stays BEFORE DELETE ON folder FOR EACH ROW WHEN (OLD.id < 0) EXECUTE FUNCTION stays();
GRANT SELECT, DELETE, INSERT, UPDATE (label, parent) ON folder TO {ThrowawayCluster.runtime_role};
GRANT SELECT, INSERT, DELETE, UPDATE ON note TO {ThrowawayCluster.runtime_role};
GRANT SELECT ON notes_of, labels TO {ThrowawayCluster.runtime_role};
INSERT INTO folder (id, label) SELECT n, 'folder ' || n FROM generate_series(-1, 40) n;
INSERT INTO note (folder, number, "text") SELECT f, n, convert_to(repeat(f || '.' || n, 900), 'UTF8')
FROM generate_series(0, 40) f, generate_series(1, 3) n;
"""
_ROWS = {"folder": "SELECT id, label, parent, width FROM folder", "note": 'SELECT folder, number, shelf, md5("text") FROM note'}


@pytest.fixture
async def urls(database_urls: DatabaseUrls) -> DatabaseUrls:
    """Make two tables with everything that tables may have, a third that one refers to, and views."""
    connection = await asyncpg.connect(database_urls.owner_url)
    try:
        await connection.execute(SCHEMA)
    finally:
        await connection.close()
    return database_urls


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Any]:
    """Open a connection whose statements give up at once where they would have to wait."""
    connection = await asyncpg.connect(url, server_settings={"lock_timeout": "2000"})
    try:
        yield connection
    finally:
        await connection.close()


async def _meanwhile(urls: DatabaseUrls, then: Callable[[Any], Awaitable[None]]) -> dict[str, int]:
    """Seal; when the copies are half made, let something happen over a connection of the runtime role."""
    async with connected(urls.owner_url) as holder, connected(urls.runtime_url) as runtime:
        await holder.execute("SELECT pg_advisory_lock($1)", HELD)
        sealing = asyncio.create_task(seal(urls.owner_url, TABLES))
        try:
            while not sealing.done() and not await holder.fetchval(WAITING):
                await asyncio.sleep(0.01)
            await then(runtime)
            assert not sealing.done()
        finally:
            await holder.execute("SELECT pg_advisory_unlock($1)", HELD)
            await asyncio.wait([sealing])
        return dict((await sealing).rows)


async def _all_rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    async with connected(url) as connection:
        return {name: sorted((tuple(row) for row in await connection.fetch(text)), key=repr) for name, text in _ROWS.items()}


async def test_all_is_made_as_before(urls: DatabaseUrls) -> None:
    """Columns, defaults, constraints, indexes, triggers, rights, comments and views are the same by name and text; so are rows."""
    before, rows = await definitions(urls.owner_url), await _all_rows(urls.owner_url)
    report = await seal(urls.owner_url, TABLES)
    after = await definitions(urls.owner_url)
    async with connected(urls.owner_url) as connection:
        left = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relname ~ '^renew' UNION SELECT conname FROM pg_constraint WHERE conname ~ '^renew'"
        )

    assert after == before
    assert (await _all_rows(urls.owner_url), left) == (rows, [])
    assert dict(report.rows) == {"folder": 42, "note": 123}


async def test_constraints_hold_afterwards(urls: DatabaseUrls) -> None:
    """What a table refuses it refuses after a seal, and a deleted folder takes its notes with it."""
    await seal(urls.owner_url, TABLES)
    refused = []
    async with connected(urls.runtime_url) as connection:
        for text in (
            "INSERT INTO folder (id) VALUES (1)",
            "INSERT INTO folder (id, label) VALUES (99, 'folder 2')",
            "INSERT INTO folder (id, label) VALUES (99, repeat('x', 90))",
            "INSERT INTO folder (id, label, parent) VALUES (99, 'lost', 98)",
            "INSERT INTO note (folder, number) VALUES (99, 1)",
            "INSERT INTO note (folder, number, shelf) VALUES (1, 9, 9)",
            "DELETE FROM folder WHERE id = -1",
            "UPDATE folder SET id = 50 WHERE id = 2",
        ):
            with pytest.raises((asyncpg.IntegrityConstraintViolationError, asyncpg.InsufficientPrivilegeError)) as caught:
                await connection.execute(text)
            refused.append(type(caught.value).__name__)
        await connection.execute("DELETE FROM folder WHERE id = 3")
        left = await connection.fetchval("SELECT count(*) FROM note WHERE folder = 3")

    assert refused == [
        "UniqueViolationError",
        "UniqueViolationError",
        "CheckViolationError",
        "ForeignKeyViolationError",
        "ForeignKeyViolationError",
        "ForeignKeyViolationError",
        "RestrictViolationError",
        "InsufficientPrivilegeError",
    ]
    assert left == 0


async def test_nobody_waits_for_the_writing(urls: DatabaseUrls) -> None:
    """While copies are made everybody reads and writes, and what they wrote is there afterwards."""

    async def write(connection: Any) -> None:
        assert await connection.fetchval("SELECT count(*) FROM labels") == 41
        await connection.execute("INSERT INTO folder (id, label, parent) VALUES (90, 'new', 4), (91, 'newer', 90)")
        await connection.execute("UPDATE folder SET label = 'other' WHERE id = 5")
        await connection.execute("UPDATE note SET number = 7 WHERE folder = 6 AND number = 3")
        await connection.execute("DELETE FROM folder WHERE id = 8")
        await connection.execute("DELETE FROM note WHERE folder = 9 AND number = 2")
        await connection.execute("INSERT INTO note (folder, number) VALUES (9, 2), (90, 4) ON CONFLICT DO NOTHING")
        written.update(await _all_rows(urls.owner_url))

    written: dict[str, list[tuple[object, ...]]] = {}
    counted = await _meanwhile(urls, write)

    assert await _all_rows(urls.owner_url) == written
    assert counted == {name: len(rows) for name, rows in written.items()}


async def test_readers_do_not_wait_for_the_fold(urls: DatabaseUrls) -> None:
    """While a fold runs, members read what was there before; nobody writes between its statements."""
    fold = ["SELECT slowly(1)", "DELETE FROM note WHERE number = 2"]
    async with connected(urls.owner_url) as holder, connected(urls.runtime_url) as runtime:
        await holder.execute("SELECT pg_advisory_lock($1)", HELD)
        sealing = asyncio.create_task(seal(urls.owner_url, TABLES, fold))
        while not await holder.fetchval(WAITING):
            await asyncio.sleep(0.01)
        read = await runtime.fetchval("SELECT count(*) FROM note")
        await runtime.execute("SET lock_timeout = 20")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await runtime.execute("INSERT INTO note (folder, number) VALUES (1, 9)")
        await holder.execute("SELECT pg_advisory_unlock($1)", HELD)
        report = await sealing

    assert (read, report.rows["note"]) == (123, 82)


async def test_nothing_is_written_between_copy_and_exchange(urls: DatabaseUrls) -> None:
    """Who writes when the copies have caught up waits, and writes to the new table."""
    async with connected(urls.owner_url) as reader, connected(urls.owner_url) as watcher, connected(urls.runtime_url) as runtime:
        async with reader.transaction():
            await reader.execute("LOCK TABLE folder IN ACCESS SHARE MODE")
            sealing = asyncio.create_task(seal(urls.owner_url, TABLES))
            while not await watcher.fetchval(WAITING):
                await asyncio.sleep(0.005)
            writing = asyncio.create_task(runtime.execute("DELETE FROM note WHERE folder = 7"))
            await asyncio.sleep(0.02)
        await writing
        await sealing

    assert [row for row in (await _all_rows(urls.owner_url))["note"] if row[0] == 7] == []


async def test_prepared_statements_go_on(urls: DatabaseUrls) -> None:
    """A connection that prepared its statements before a seal, or reads within a transaction, sees the new tables."""
    async with connected(urls.runtime_url) as connection:
        read = await connection.prepare("SELECT count(*) FROM notes_of")
        write = await connection.prepare("INSERT INTO note (folder, number) VALUES (1, $1)")
        counts = []
        for number in (11, 12):
            await write.fetch(number)
            counts.append(await read.fetchval())
            await seal(urls.owner_url, TABLES)
        async with connection.transaction():
            counts.append(await read.fetchval())

    assert counts == [124, 125, 125]


async def test_one_seal_at_a_time(urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second seal waits while one is under way, and at last gives up."""
    monkeypatch.setattr("chassis.turns.PATIENCE_S", 0.1)

    async def second(_: Any) -> None:
        with pytest.raises(OutOfTurn) as caught:
            await seal(urls.owner_url, TABLES)
        said.append(str(caught.value))

    said: list[str] = []
    await _meanwhile(urls, second)

    assert said == ["another seal or backup has been under way for 0.1 s; nothing was changed"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            "ALTER TABLE note ADD COLUMN place serial",
            "note has no primary key, or a sequence, rules, policies, partitions or inheritance",
        ),
        (
            "ALTER TABLE note DROP CONSTRAINT note_pkey",
            "note has no primary key, or a sequence, rules, policies, partitions or inheritance",
        ),
        (
            "ALTER TABLE note ENABLE ROW LEVEL SECURITY",
            "note has no primary key, or a sequence, rules, policies, partitions or inheritance",
        ),
        (
            "CREATE FUNCTION first_of(one note) RETURNS integer LANGUAGE sql AS 'SELECT one.number'",
            "the tables were not sealed: function first_of(renewed_note) depends on type renewed_note",
        ),
    ],
)
async def test_what_cannot_be_renewed_is_refused(urls: DatabaseUrls, change: str, reason: str) -> None:
    """A table with something that would be left behind is named, and everything stays as it was."""
    async with connected(urls.owner_url) as connection:
        await connection.execute(change)
    before, rows = await definitions(urls.owner_url), await _all_rows(urls.owner_url)
    with pytest.raises(SealError) as caught:
        await seal(urls.owner_url, TABLES)

    assert str(caught.value) == reason
    assert (await definitions(urls.owner_url), await _all_rows(urls.owner_url)) == (before, rows)


async def test_a_seal_waits_for_who_reads_for_long(urls: DatabaseUrls) -> None:
    """Whoever reads one moment in a turn of their own reads all of it, also what no seal may take away before."""
    db = await Database.open(urls.runtime_url)
    async with db.turn("read") as tx:
        first = await tx.run("SELECT count(*) FROM folder")
        sealing = asyncio.create_task(seal(urls.owner_url, TABLES))
        while not await tx.run("SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"):
            await asyncio.sleep(0.01)
        second = await tx.run("SELECT count(*) FROM note")
    await sealing
    async with db.turn("read") as tx:
        again = await tx.run("SELECT count(*) FROM note")
    await db.close()

    assert (first[0][0], second[0][0], again[0][0]) == (42, 123, 123)


async def test_two_who_read_one_moment(urls: DatabaseUrls) -> None:
    """Who reads beside somebody sees what they see: nothing that was committed since."""
    db = await Database.open(urls.runtime_url)
    async with db.turn("read") as tx:
        first = await tx.run("SELECT count(*) FROM note")
        async with connected(urls.owner_url) as connection:
            await connection.execute("DELETE FROM note")
        async with db.beside(tx) as other:
            second = [await each.run("SELECT count(*) FROM note") for each in (tx, other)]
            written = await other.run("SELECT current_setting('transaction_read_only') AS only")
    await db.close()

    assert [first[0][0], *(rows[0][0] for rows in second)] == [123, 123, 123]
    assert written[0]["only"] == "on"


_WRITES = st.lists(
    st.one_of(
        st.tuples(
            st.just("INSERT INTO note (folder, number, shelf) VALUES ($1, $2, NULL) ON CONFLICT DO NOTHING"),
            st.integers(0, 5),
            st.integers(2, 5),
        ),
        st.tuples(st.just("DELETE FROM note WHERE folder = $1 AND number = $2"), st.integers(0, 5), st.integers(1, 5)),
        st.tuples(
            st.just("UPDATE note SET number = number + 10 WHERE folder = $1 AND number = $2"), st.integers(0, 5), st.integers(1, 3)
        ),
        st.tuples(
            st.just("UPDATE note SET \"text\" = 'new' WHERE folder = $1 AND number = $2"), st.integers(0, 5), st.integers(1, 3)
        ),
        st.tuples(st.just("UPDATE folder SET parent = $2::integer WHERE id = $1"), st.integers(0, 5), st.integers(0, 5)),
    ),
    max_size=12,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(writes=_WRITES)
async def test_whatever_is_written_meanwhile(urls: DatabaseUrls, writes: list[tuple[str, int, int]]) -> None:
    """Any writes while the copies are made: afterwards there is what there was before the exchange."""

    async def write(connection: Any) -> None:
        for text, first, second in writes:
            with suppress(asyncpg.UniqueViolationError):
                await connection.execute(text, first, second)
        written.update(await _all_rows(urls.owner_url))

    written: dict[str, list[tuple[object, ...]]] = {}
    await _meanwhile(urls, write)

    assert await _all_rows(urls.owner_url) == written
