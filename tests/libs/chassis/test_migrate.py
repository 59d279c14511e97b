"""Migrations and grants."""

import shutil
from pathlib import Path

import asyncpg
import pytest
from chassis.database import Database
from chassis.migrate import MigrationError, differences, expected_versions, migrate
from support.postgres import DatabaseUrls, ThrowawayCluster
from support.sample_service import SQL

RUNTIME = ThrowawayCluster.runtime_role


@pytest.fixture
def sql(tmp_path: Path) -> Path:
    """Copy the sample's migrations and grants that a test may change."""
    return Path(shutil.copytree(SQL, tmp_path / "sql"))


async def _differences(urls: DatabaseUrls, folders: list[Path]) -> list[str]:
    db = await Database.open(urls.runtime_url)
    try:
        return await differences(db, folders)
    finally:
        await db.close()


async def test_pending_are_applied_once_in_order_of_all_folders(database_urls: DatabaseUrls, sql: Path, tmp_path: Path) -> None:
    """Files of several folders are applied in the order of their names; a second run applies nothing."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "202601010800_base.sql").write_text("CREATE TABLE base (id int);", encoding="utf-8")
    folders = [sql / "migrations", library]
    done = [await migrate(database_urls.owner_url, folders, sql / "grants.sql", RUNTIME) for _ in range(2)]

    assert (done, await _differences(database_urls, folders)) == ([["202601010800_base.sql", "202601010900_notes.sql"], []], [])


async def test_failed_file_is_undone(database_urls: DatabaseUrls, sql: Path) -> None:
    """A file that fails leaves nothing of itself, and the earlier ones stay."""
    broken = sql / "migrations" / "202601020000_broken.sql"
    broken.write_text("CREATE TABLE half (id int); SELECT 1/0;", encoding="utf-8")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)
    broken.write_text("CREATE TABLE half (id int);", encoding="utf-8")
    done = await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)

    assert done == ["202601020000_broken.sql"]


async def test_changed_file_is_refused(database_urls: DatabaseUrls, sql: Path) -> None:
    """A migration that was applied from another text stops everything."""
    await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)
    file = sql / "migrations" / "202601010900_notes.sql"
    file.write_text(file.read_text(encoding="utf-8") + "-- later thought\n", encoding="utf-8")
    with pytest.raises(MigrationError) as error:
        await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)

    assert str(error.value) == "migration 202601010900_notes.sql was applied from another text than this file's"


async def test_unknown_migration_is_refused(database_urls: DatabaseUrls, sql: Path) -> None:
    """Code that is older than the database does not migrate and does not serve."""
    newer = sql / "migrations" / "209901010000_newer.sql"
    newer.write_text("CREATE TABLE newer (id int);", encoding="utf-8")
    await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)
    newer.unlink()
    sentence = "migration 209901010000_newer.sql is applied but unknown here; this code is older than the database"
    with pytest.raises(MigrationError, match="older than the database"):
        await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)

    assert await _differences(database_urls, [sql / "migrations"]) == [sentence]


async def test_pending_migration_is_a_difference(database_urls: DatabaseUrls, sql: Path) -> None:
    """An empty database, and one that lags behind, are said to be so."""
    empty = await _differences(database_urls, [sql / "migrations"])
    await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)
    (sql / "migrations" / "202601020000_next.sql").write_text("SELECT 1;", encoding="utf-8")

    assert (empty, await _differences(database_urls, [sql / "migrations"])) == (
        ["has no schema yet; run migrate"],
        ["migration 202601020000_next.sql is not applied; run migrate"],
    )


async def test_grants_are_least_and_taken_back(database_urls: DatabaseUrls, sql: Path) -> None:
    """The runtime role may do what grants.sql says, owns nothing, and loses what a later grants.sql leaves out."""
    await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)
    connection = await asyncpg.connect(database_urls.runtime_url)
    try:
        before = await connection.execute("INSERT INTO folder (id) VALUES ('a')")
        for forbidden in ("DELETE FROM folder", "CREATE TABLE mine (id int)", "UPDATE note SET good = true", "DROP TABLE note"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(forbidden)
        (sql / "grants.sql").write_text("GRANT SELECT ON folder TO :runtime;", encoding="utf-8")
        await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("INSERT INTO folder (id) VALUES ('b')")
    finally:
        await connection.close()

    assert before == "INSERT 0 1"


async def test_owner_is_no_runtime_role(database_urls: DatabaseUrls, sql: Path) -> None:
    """The owner cannot be given as the runtime role."""
    with pytest.raises(MigrationError) as error:
        await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", ThrowawayCluster.owner_role)

    assert str(error.value) == "the runtime role should be neither the owner nor a superuser"


async def test_a_runtime_role_that_is_not_there(database_urls: DatabaseUrls, sql: Path) -> None:
    """A misspelt runtime role is said to be none, before any table is made."""
    with pytest.raises(MigrationError, match="the runtime role does not exist in this database"):
        await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", "nobody_here")
    connection = await asyncpg.connect(database_urls.owner_url)
    try:
        there = await connection.fetchval("SELECT to_regclass('schema_migration')")
    finally:
        await connection.close()

    assert there is None


async def test_a_runtime_role_that_owns_a_table(database_urls: DatabaseUrls, sql: Path) -> None:
    """Whoever owns a table may do anything with it, whatever is granted: so the runtime role owns none, and it is named."""
    await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)
    connection = await asyncpg.connect(database_urls.superuser_url)
    try:
        await connection.execute(f"CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO {RUNTIME}")
        with pytest.raises(MigrationError, match="the runtime role owns mine"):
            await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME)
        await connection.execute("DROP TABLE mine")
    finally:
        await connection.close()

    assert await migrate(database_urls.owner_url, [sql / "migrations"], sql / "grants.sql", RUNTIME) == []


async def test_names_are_checked(sql: Path) -> None:
    """A file whose name has no date is refused."""
    (sql / "migrations" / "notes.sql").write_text("SELECT 1;", encoding="utf-8")
    with pytest.raises(MigrationError) as error:
        await expected_versions([sql / "migrations"])

    assert str(error.value).endswith("a migration's name is YYYYMMDDHHMM_name.sql")


async def test_which_migrations_there_are(sql: Path, tmp_path: Path) -> None:
    """Two folders with a migration of one name, and folders without any, are refused: neither says what the schema is."""
    twice, empty = tmp_path / "library", tmp_path / "empty"
    empty.mkdir()
    shutil.copytree(sql / "migrations", twice)
    with pytest.raises(MigrationError, match=r"202601010900_notes\.sql: two folders have a migration of this name"):
        await expected_versions([sql / "migrations", twice])
    with pytest.raises(MigrationError, match=f"no migrations in {empty}, {tmp_path / 'missing'}"):
        await expected_versions([empty, tmp_path / "missing"])
