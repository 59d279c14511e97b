"""The seal: rewrites tables in random order, then makes the write-ahead log forget the order in which rows arrived.

Heap position and transaction ids order rows by arrival; two databases written in the same order can be joined by that alone.
After a seal every row of a sealed table was written by one transaction, in an order that is nobody's. VACUUM FULL and CLUSTER
do not do that. The owner role needs `pg_checkpoint` and EXECUTE on `pg_switch_wal`; the cluster should run with
``wal_recycle = off``, or old segments are renamed instead of removed.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

LOCK_PATIENCE_MS = 250
LOCK_ATTEMPTS = 120
LOCK_PAUSE_S = 0.1
MIN_CHECKPOINTS = 2  # the first may still keep the segment in which it began
MAX_CHECKPOINTS = 6
_SETTINGS = {"wal_recycle": "off", "track_commit_timestamp": "off", "archive_mode": "off", "wal_keep_size": "0"}


class SealError(Exception):
    """The tables cannot be sealed; nothing was changed."""


@dataclass(frozen=True)
class SealReport:
    """What a seal did: rows by table, checkpoints made, old log segments left (None where the role may not look), warnings."""

    rows: Mapping[str, int]
    checkpoints: int
    old_segments: int | None
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return one line for the operator, without the numbers of rows."""
        left = "not visible to this role" if self.old_segments is None else str(self.old_segments)
        parts = [f"{len(self.rows)} tables sealed", f"{self.checkpoints} checkpoints", f"old log segments left: {left}"]
        return "; ".join([*parts, *self.warnings])


@dataclass(frozen=True)
class _Table:
    oid: int
    name: str  # quoted and qualified
    columns: str  # quoted, joined, without generated ones


async def seal(owner_url: str, tables: Sequence[str], fold: Sequence[str] = (), *, now: int | None = None) -> SealReport:
    """Rewrite tables in random order in one transaction, switch the log and checkpoint until old segments are gone.

    ``fold`` are SQL statements that run first in the same transaction, once the tables are locked. They may ask for the time,
    in seconds since 1970, as ``current_setting('seal.now')``.

    Raises SealError on an unknown table, on a table outside that refers to one inside, and on foreign keys in a circle.
    """
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        await connection.execute("SELECT set_config('seal.now', $1, false)", str(int(time.time()) if now is None else now))
        rows = await _rewritten(connection, tables, fold)
        checkpoints, old = await _forget_log(connection)
        warnings = await _warnings(connection)
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        raise SealError("a table stayed locked by others; nothing was changed") from None
    except asyncpg.InsufficientPrivilegeError:
        raise SealError("the owner role needs its tables, pg_checkpoint and EXECUTE on pg_switch_wal") from None
    finally:
        await connection.close()
    return SealReport(rows, checkpoints, old, warnings)


async def _rewritten(connection: Any, tables: Sequence[str], fold: Sequence[str]) -> dict[str, int]:
    # The tables are locked one after the other, and requests take them in orders of their own. Giving up well before the
    # server looks for deadlocks (1 s) and trying again keeps requests waiting for a moment, and never fails one.
    await connection.execute(f"SET lock_timeout = {LOCK_PATIENCE_MS}")
    for attempt in range(LOCK_ATTEMPTS):
        try:
            async with connection.transaction():
                return await _rewrite(connection, tables, fold)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            if attempt == LOCK_ATTEMPTS - 1:
                raise
        await asyncio.sleep(LOCK_PAUSE_S)
    raise AssertionError("unreachable")


async def _rewrite(connection: Any, names: Sequence[str], fold: Sequence[str]) -> dict[str, int]:
    tables = [await _table(connection, name) for name in dict.fromkeys(names)]
    joined = ", ".join(table.name for table in tables)
    # First of all, so that no row arrives between the copy and the truncation.
    if tables:
        await connection.execute(f"LOCK TABLE {joined} IN ACCESS EXCLUSIVE MODE")
    # After the lock, in the order in which the service's own requests take theirs: mailboxes first, what is written last.
    for text in fold:
        await connection.execute(text)
    if not tables:
        return {}
    ordered = await _referenced_first(connection, tables)
    for number, table in enumerate(ordered):
        await connection.execute(
            f"CREATE TEMPORARY TABLE sealing_{number} ON COMMIT DROP AS "  # noqa: S608  # names as the catalogue quotes them
            f"SELECT {table.columns} FROM {table.name} ORDER BY random()"
        )
    # One statement, because a table can only be truncated together with those that refer to it.
    await connection.execute(f"TRUNCATE {joined}")
    rows: dict[str, int] = {}
    for number, table in enumerate(ordered):
        status = await connection.execute(
            f"INSERT INTO {table.name} ({table.columns}) OVERRIDING SYSTEM VALUE "  # noqa: S608  # as above
            f"SELECT {table.columns} FROM sealing_{number} ORDER BY random()"
        )
        rows[table.name] = int(status.rpartition(" ")[2])
    return rows


async def _table(connection: Any, name: str) -> _Table:
    row = await connection.fetchrow(
        """
        SELECT c.oid::bigint AS oid, c.oid::regclass::text AS name,
               string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'p')
          AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        GROUP BY c.oid
        """,
        name,
    )
    if row is None:
        raise SealError(f"there is no table {name}")
    return _Table(row["oid"], row["name"], row["columns"])


async def _referenced_first(connection: Any, tables: Sequence[_Table]) -> list[_Table]:
    """Return the tables in an order in which their foreign keys hold at each step."""
    edges = await connection.fetch(
        """
        SELECT conrelid::bigint AS child, confrelid::bigint AS parent, conrelid::regclass::text AS name
        FROM pg_constraint WHERE contype = 'f' AND confrelid = ANY ($1::bigint[]::oid[]) AND conrelid <> confrelid
        """,
        [table.oid for table in tables],
    )
    waiting = {table.oid: table for table in tables}
    if outside := sorted({edge["name"] for edge in edges if edge["child"] not in waiting}):
        raise SealError(f"also seal {', '.join(outside)}: a foreign key refers to a sealed table")
    ordered: list[_Table] = []
    while waiting:
        blocked = {edge["child"] for edge in edges if edge["parent"] in waiting}
        free = [table for oid, table in waiting.items() if oid not in blocked]
        if not free:
            raise SealError(f"foreign keys go round in a circle: {', '.join(table.name for table in waiting.values())}")
        ordered += [waiting.pop(table.oid) for table in free]
    return ordered


async def _forget_log(connection: Any) -> tuple[int, int | None]:
    """Switch to a new segment and checkpoint until those before it are gone; return checkpoints made and segments left."""
    last = await connection.fetchval("SELECT pg_walfile_name(pg_switch_wal())")
    visible = await connection.fetchval("SELECT has_function_privilege('pg_ls_waldir()', 'EXECUTE')")
    left: int | None = None
    for made in range(1, MAX_CHECKPOINTS + 1):
        await connection.execute("CHECKPOINT")
        if visible:
            left = await connection.fetchval(
                "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND name <= $1", last
            )
        if made >= MIN_CHECKPOINTS and not left:
            break
    return made, left


async def _warnings(connection: Any) -> tuple[str, ...]:
    rows = await connection.fetch("SELECT name, setting FROM pg_settings WHERE name = ANY ($1)", list(_SETTINGS))
    found = [
        f"{row['name']} is {row['setting']}, should be {_SETTINGS[row['name']]}"
        for row in rows
        if row["setting"] != _SETTINGS[row["name"]]
    ]
    if await connection.fetchval("SELECT EXISTS (SELECT FROM pg_replication_slots)"):
        found.append("a replication slot may hold old log segments")
    return tuple(sorted(found))
