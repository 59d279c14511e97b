"""Backups of one host: the rows of every table in random order, sealed to a key that the host does not have.

Sessions, nonces, counters and whatever else is worth nothing tomorrow stay out (`chassis.service.Restoring.omitted`), and so
do unlogged tables. A backup is restored into an empty database of the same migrations, which then waits for the erasure ledger
(`chassis.erasures`).

Plaintext: four bytes of length and a JSON header (`host`, `migrations`, `tables` with columns), then for each table pieces of
PostgreSQL's binary COPY, four bytes of length before each, and a length of zero.
"""

import json
import os
import time
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import asyncpg
from protocol.encoding import lp
from protocol.sealed_stream import OpeningFile, SealingFile
from protocol.sealing import OpenError, XWingPrivateKey

from chassis.config import ConfigError
from chassis.migrate import expected_versions
from chassis.service import C, Restoring, Service
from chassis.turns import take_turn

_OURS = frozenset({"schema_migration", "restore_mark"})
_TABLES = """
SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'p'
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname
"""
_REFERENCES = """
SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent
FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = 'public'::regnamespace
"""
_ALL = "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p'"


@dataclass(frozen=True)
class _Table:
    name: str
    columns: tuple[str, ...]


async def backup(owner_url: str, service: Service[C], restore_key: bytes, path: Path) -> int:
    """Write a backup of one instant to a file of mode 600, and return how many tables are in it.

    Raises OutOfTurn where a seal or another backup does not end.
    """
    restoring = _restoring(service)
    draft = path.with_name(f".{path.name}.draft")
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            sealing = SealingFile(file, restore_key, _info(service))
            await take_turn(connection)
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                tables = await _tables(connection, restoring.omitted)
                header = {
                    "host": service.name,
                    "migrations": await _applied(connection),
                    "tables": [[table.name, table.columns] for table in tables],
                }
                _framed(sealing, json.dumps(header).encode())
                for table in tables:
                    await _dump(connection, table, sealing)
            sealing.close()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
        await connection.close()
    return len(tables)


async def restore(owner_url: str, service: Service[C], seed: bytes, path: Path) -> int:
    """Fill an empty, migrated database from a backup, all or nothing, and return how many tables there were.

    Raises ConfigError where the database is not empty or of other migrations, and where the file does not open.
    """
    restoring = _restoring(service)
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        with path.open("rb") as file:
            opening = OpeningFile(file, XWingPrivateKey(seed), _info(service))
            tables = await _header(opening, service)
            async with connection.transaction():
                await _refuse_others(connection, service, restoring)
                names = [row["name"] for row in await connection.fetch(_ALL) if row["name"] != "schema_migration"]
                await connection.execute(f"TRUNCATE {', '.join(names)}")
                for table in tables:
                    await connection.copy_to_table(
                        table.name, source=_pieces(opening), columns=list(table.columns), format="binary"
                    )
                opening.end()
                await connection.execute("INSERT INTO restore_mark DEFAULT VALUES")
                # What was signed before this instant may have been seen.
                await connection.execute("UPDATE once_mark SET since = $1", int(time.time()))
    except OpenError:
        raise ConfigError(f"{path}: is no whole backup of {service.name} for this key") from None
    finally:
        await connection.close()
    return len(tables)


def _restoring(service: Service[C]) -> Restoring:
    if service.restoring is None:
        raise ConfigError("this service keeps nothing that is backed up")
    return service.restoring


def _info(service: Service[C]) -> bytes:
    return lp("backup", service.name)


async def _tables(connection: Any, omitted: Collection[str]) -> list[_Table]:
    """Return the tables of a backup, those that others refer to first."""
    found = {row["name"]: _Table(row["name"], tuple(row["columns"])) for row in await connection.fetch(_TABLES)}
    kept = found.keys() - _OURS - set(omitted)
    sorter: TopologicalSorter[str] = TopologicalSorter({name: set() for name in sorted(kept)})
    for row in await connection.fetch(_REFERENCES):
        if row["child"] in kept and row["parent"] in kept:
            sorter.add(row["child"], row["parent"])
    return [found[name] for name in sorter.static_order()]


async def _applied(connection: Any) -> dict[str, str]:
    return {row["name"]: row["checksum"] for row in await connection.fetch("SELECT name, checksum FROM schema_migration")}


async def _dump(connection: Any, table: _Table, sealing: SealingFile) -> None:
    async def piece(data: bytes) -> None:
        _framed(sealing, data)

    columns = ", ".join(f'"{column}"' for column in table.columns)
    query = f"SELECT {columns} FROM {table.name} ORDER BY random()"  # noqa: S608  # names as the catalogue has them
    await connection.copy_from_query(query, output=piece, format="binary")
    _framed(sealing, b"")


def _framed(sealing: SealingFile, data: bytes) -> None:
    sealing.write(len(data).to_bytes(4) + data)


async def _header(opening: OpeningFile, service: Service[C]) -> Sequence[_Table]:
    """Return what tables follow; raises ConfigError for a backup of other migrations than this code's."""
    header = json.loads(opening.read(int.from_bytes(opening.read(4))))
    if header["migrations"] != await expected_versions(service.migrations):
        raise ConfigError("the backup is of other migrations: restore it with the version that made it, then migrate")
    return [_Table(name, tuple(columns)) for name, columns in header["tables"]]


async def _pieces(opening: OpeningFile) -> AsyncIterator[bytes]:
    while length := int.from_bytes(opening.read(4)):
        yield opening.read(length)


async def _refuse_others(connection: Any, service: Service[C], restoring: Restoring) -> None:
    if await connection.fetchval("SELECT to_regclass('restore_mark') IS NULL"):
        raise ConfigError("the database has no schema yet: run migrate first")
    if await _applied(connection) != await expected_versions(service.migrations):
        raise ConfigError("the database is of other migrations: run migrate first")
    if await connection.fetchval(f"SELECT EXISTS ({restoring.subjects})"):
        raise ConfigError("the database is not empty: a backup is restored into a new one")
