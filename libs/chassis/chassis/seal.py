"""The seal: rewrites tables in random order, then makes the write-ahead log forget the order in which rows arrived.

Heap position and transaction ids order rows by arrival; two databases written in the same order can be joined by that alone.
After a seal every row of a sealed table was written by one transaction, in an order that is nobody's; only what arrives during
a seal stands apart, as what arrives after it does. The owner role needs `pg_checkpoint` and EXECUTE on `pg_switch_wal`; the
cluster should run with ``wal_recycle = off``, or old segments are renamed instead of removed.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg

from chassis.renewal import NotRenewable, Renewal, renewable
from chassis.turns import take_turn

_R = TypeVar("_R")

LOCK_PATIENCE_MS = 250
LOCK_ATTEMPTS = 120
LOCK_PAUSE_S = 0.1
MIN_CHECKPOINTS = 2  # the first may still keep the segment in which it began
MAX_CHECKPOINTS = 6
_SETTINGS = {"wal_recycle": "off", "track_commit_timestamp": "off", "archive_mode": "off", "wal_keep_size": "0"}


class SealError(Exception):
    """The tables cannot be sealed; no row was lost."""


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


async def seal(
    owner_url: str, tables: Sequence[str], fold: Sequence[str] = (), emptied: Sequence[str] = (), *, now: int | None = None
) -> SealReport:
    """Fold, rewrite tables in random order, switch the log and checkpoint until old segments are gone.

    ``fold`` are SQL statements of one transaction, at whose end the tables ``emptied`` lose all rows. They may ask for the time,
    in seconds since 1970, as ``current_setting('seal.now')``. Then the tables are written anew in another transaction
    (`chassis.renewal`). Writers wait for the fold, and once more for what was written during the rewriting; readers for a moment.

    Raises OutOfTurn where another seal or a backup does not end, SealError on tables that cannot be written anew.
    """
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        await take_turn(connection)
        await connection.execute(f"SET lock_timeout = {LOCK_PATIENCE_MS}")
        await connection.execute("SELECT set_config('seal.now', $1, false)", str(int(time.time()) if now is None else now))
        rows = await _sealed(connection, tables, fold, emptied)
        checkpoints, old = await _forget_log(connection)
        warnings = await _warnings(connection)
    except NotRenewable as error:
        raise SealError(str(error)) from None
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        raise SealError("a table stayed locked by others; the tables were not sealed") from None
    except asyncpg.DependentObjectsStillExistError as error:
        raise SealError(f"the tables were not sealed: {error.detail}") from None
    except asyncpg.InsufficientPrivilegeError:
        raise SealError("the owner role needs its tables, pg_checkpoint and EXECUTE on pg_switch_wal") from None
    finally:
        await connection.close()
    return SealReport(rows, checkpoints, old, warnings)


async def _sealed(connection: Any, names: Sequence[str], fold: Sequence[str], emptied: Sequence[str]) -> dict[str, int]:
    tables = await renewable(connection, names)

    async def folded() -> None:
        # First of all, so that nobody writes between the statements that follow.
        if locked := [*dict.fromkeys([*names, *emptied])]:
            await connection.execute(f"LOCK TABLE {', '.join(locked)} IN EXCLUSIVE MODE")
        for text in fold:
            await connection.execute(text)
        # Not DELETE: that would leave the rows in the file, in the order in which they came. Last: from here on readers wait.
        if emptied:
            # Whoever reads several statements of one moment holds the first table, and would see the others empty.
            for gate in names[:1]:
                await connection.execute(f"LOCK TABLE {gate} IN ACCESS EXCLUSIVE MODE")
            await connection.execute(f"TRUNCATE {', '.join(emptied)}")

    await _patiently(connection, folded)
    if not tables:
        return {}
    async with connection.transaction():
        renewal = Renewal(connection, tables)
        await renewal.build()

        async def renewed() -> dict[str, int]:
            rows = await renewal.catch_up()
            await renewal.exchange()
            return rows

        return await _patiently(connection, renewed)


async def _patiently(connection: Any, done: Callable[[], Awaitable[_R]]) -> _R:
    """Do something in a transaction, or a savepoint of one, again and again until it gets its locks."""
    # Tables are locked one after the other, and requests take them in orders of their own. Giving up well before the server
    # looks for deadlocks (1 s) and trying again keeps requests waiting for a moment, and never fails one.
    for attempt in range(LOCK_ATTEMPTS):
        try:
            async with connection.transaction():
                return await done()
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            if attempt == LOCK_ATTEMPTS - 1:
                raise
        await asyncio.sleep(LOCK_PAUSE_S)
    raise AssertionError("unreachable")


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
