"""Migrations: plain SQL files, forward only, checksummed, run by the owner role; then the grants, applied anew.

The runtime role owns nothing and may do what grants.sql says. Dates of application are kept by the day.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from chassis.config import ConfigError
from chassis.database import Database

_NAME = re.compile(r"\d{12}_[a-z0-9_]+\.sql")
_RUNTIME = re.compile(r"(?<!:):runtime\b")
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('schema_migration', 0))"
_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_on date NOT NULL DEFAULT current_date
)"""


class MigrationError(ConfigError):
    """The schema cannot be brought forward; says which file or which row is wrong."""


_SAMPLED = """
SELECT format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', a.attrelid::regclass, a.attname) AS text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND a.atttypid = 'bytea'::regtype AND NOT a.attisdropped AND a.attstattarget IS DISTINCT FROM 0
"""


async def expected_versions(folders: Sequence[Path]) -> dict[str, str]:
    """Return name and SHA-256 (hexadecimal) of every migration file of all folders, ordered by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in _files(folders)}


async def differences(db: Database, folders: Sequence[Path]) -> list[str]:
    """Return one sentence for each way in which the database's schema version differs from the files."""
    expected = await expected_versions(folders)
    async with db.transaction("schema-version", readonly=True) as tx:
        if not (await tx.run("SELECT to_regclass('schema_migration') IS NOT NULL AS there"))[0]["there"]:
            return ["has no schema yet; run migrate"]
        try:
            rows = await tx.run("SELECT name, checksum FROM schema_migration")
        except asyncpg.InsufficientPrivilegeError:
            return ["the role may not read schema_migration; run migrate with the owner's URL"]
    applied = {row["name"]: row["checksum"] for row in rows}
    pending = [f"migration {name} is not applied; run migrate" for name in expected if name not in applied]
    return pending + _conflicts(expected, applied)


async def migrate(owner_url: str, folders: Sequence[Path], grants: Path, runtime_role: str) -> list[str]:
    """Apply what is pending, in the order of the names of all folders, then the grants; return the names applied.

    Raises MigrationError on a changed or an unknown migration, before anything is done; asyncpg's errors when SQL fails,
    after undoing the file that failed.
    """
    expected = await expected_versions(folders)
    texts = {path.name: path.read_text(encoding="utf-8") for path in _files(folders)}
    granted = grants.read_text(encoding="utf-8")  # noqa: ASYNC240  # a command of its own, nobody waits beside it
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        await connection.execute("SET lock_timeout = '10s'; SET statement_timeout = '15min'")
        runtime = await _runtime(connection, runtime_role)
        # Each file is one transaction that takes the lock first, so two migrations at once apply each file once.
        async with connection.transaction():
            await connection.execute(_LOCK)
            if not await connection.fetchval("SELECT to_regclass('schema_migration') IS NOT NULL"):
                await connection.execute(_TABLE)
            _refuse_conflicts(expected, await _applied(connection))
        done = [name for name, checksum in expected.items() if await _apply(connection, name, checksum, texts[name])]
        async with connection.transaction():
            await connection.execute(_LOCK)
            await _refuse_ownership(connection, runtime_role)
            await _sample_no_identifier(connection)
            await _grant(connection, granted, runtime)
        return done
    finally:
        await connection.close()


def _files(folders: Sequence[Path]) -> list[Path]:
    files = sorted((path for folder in folders for path in folder.glob("*.sql")), key=lambda path: path.name)
    seen: set[str] = set()
    for path in files:
        if not _NAME.fullmatch(path.name):
            raise MigrationError(f"{path}: a migration's name is YYYYMMDDHHMM_name.sql")
        if path.name in seen:
            raise MigrationError(f"{path}: two folders have a migration of this name")
        seen.add(path.name)
    if not files:
        raise MigrationError(f"no migrations in {', '.join(map(str, folders))}")
    return files


def _conflicts(expected: dict[str, str], applied: dict[str, str]) -> list[str]:
    return [
        f"migration {name} was applied from another text than this file's"
        if name in expected
        else f"migration {name} is applied but unknown here; this code is older than the database"
        for name, checksum in sorted(applied.items())
        if expected.get(name) != checksum
    ]


def _refuse_conflicts(expected: dict[str, str], applied: dict[str, str]) -> None:
    if conflicts := _conflicts(expected, applied):
        raise MigrationError("\n".join(conflicts))


async def _applied(connection: Any) -> dict[str, str]:
    return {row["name"]: row["checksum"] for row in await connection.fetch("SELECT name, checksum FROM schema_migration")}


async def _apply(connection: Any, name: str, checksum: str, text: str) -> bool:
    async with connection.transaction():
        await connection.execute(_LOCK)
        if name in await _applied(connection):
            return False
        await connection.execute(text)
        await connection.execute("INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)", name, checksum)
    return True


async def _sample_no_identifier(connection: Any) -> None:
    """Let ANALYZE keep no values of binary columns: its samples would outlive the rows, and say who was there last week.

    Keys are looked up through unique indexes, so the planner misses nothing.
    """
    for statement in await connection.fetch(_SAMPLED):
        await connection.execute(statement["text"])


async def _runtime(connection: Any, role: str) -> str:
    """Return the quoted role, after checking that it is one that can be granted little."""
    row = await connection.fetchrow(
        "SELECT quote_ident(rolname) AS quoted, rolsuper, rolname = current_user AS owner FROM pg_roles WHERE rolname = $1",
        role,
    )
    if row is None:
        raise MigrationError("the runtime role does not exist in this database")
    if row["owner"] or row["rolsuper"]:
        raise MigrationError("the runtime role should be neither the owner nor a superuser")
    return str(row["quoted"])


async def _grant(connection: Any, granted: str, runtime: str) -> None:
    # Revoked first, so that a line taken out of grants.sql is a right taken away.
    await connection.execute(
        f"""
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
        REVOKE ALL ON SCHEMA public FROM {runtime};
        REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {runtime};
        REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {runtime};
        REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM {runtime};
        GRANT USAGE ON SCHEMA public TO {runtime};
        GRANT SELECT ON schema_migration TO {runtime};
        """
    )
    await connection.execute(_RUNTIME.sub(lambda _: runtime, granted))


async def _refuse_ownership(connection: Any, role: str) -> None:
    owned = await connection.fetch("SELECT relname FROM pg_class WHERE relowner = to_regrole(quote_ident($1))", role)
    if owned:
        raise MigrationError(f"the runtime role owns {', '.join(row['relname'] for row in owned)}")
