"""The pool and its named transactions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, TypeAlias, TypeVar

import asyncpg
import orjson
import sqlalchemy as sa
import structlog
from asyncpg.pool import PoolConnectionProxy

from chassis.database import binary
from chassis.problems import Unavailable
from chassis.turns import leave_turn, take_turn

Isolation = Literal["read_committed", "repeatable_read", "serializable"]
R = TypeVar("R")

ACQUIRE_TIMEOUT_S = 10.0
_PIECE = 128 * 1024
_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
# What asyncpg raises on a connection that was lost, and on wrong use of one that was not.
_MAYBE_LOST = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)
_log = structlog.get_logger("chassis.database")


_Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


class Transaction:
    """One open transaction, or a block of `Database.statements`; stores take it as their first argument.

    The connection is taken from the pool for the first statement: what comes before it may wait for somebody else.
    """

    def __init__(self, connections: "_Connections", name: str) -> None:
        """Begin without a connection."""
        self._connections = connections
        self._taken: _Connection | None = None
        self.name = name

    async def connection(self) -> "_Connection":
        """Return the block's connection; raise Unavailable when there is none to be had."""
        if self._taken is None:
            try:
                self._taken = await self._connections.take()
            except (TimeoutError, asyncpg.PostgresError, *_MAYBE_LOST) as error:
                raise _unavailable(self.name, error) from None
        return self._taken

    async def give_back(self, error: BaseException | None) -> None:
        """Give the connection back when the block ends; raise Unavailable when it ended for the database's sake."""
        if self._taken is None:
            return
        try:
            if error is not None and _is_temporary(error, self._taken):
                raise _unavailable(self.name, error) from error
        finally:
            # What was committed stands, also where the connection was lost after it: asyncpg has closed such a one itself.
            with suppress(asyncpg.PostgresError, *_MAYBE_LOST):
                await self._connections.give_back(self._taken, sound=error is None)

    async def fetch(self, text: str, arguments: Sequence[object]) -> list[asyncpg.Record]:
        """Return the rows of one SQL text; `Statement` calls it."""
        return await (await self.connection()).fetch(text, *arguments)

    async def execute(self, text: str, arguments: Sequence[object]) -> int:
        """Run one SQL text and return how many rows it touched; `Statement` calls it."""
        return _touched(await (await self.connection()).execute(text, *arguments))

    async def execute_many(self, text: str, arguments: Sequence[Sequence[object]]) -> None:
        """Run one SQL text for each list of arguments; `Statement` calls it."""
        await (await self.connection()).executemany(text, arguments)

    async def copy(self, table: sa.Table, columns: Sequence[str], records: Iterable[Sequence[object]]) -> int:
        """Append records with COPY, values in the order of ``columns``, and return how many."""
        names = [table.columns[name].name for name in columns]
        connection = await self.connection()
        status = await connection.copy_records_to_table(table.name, schema_name=table.schema, columns=names, records=records)
        return _touched(status)

    async def copy_binary(self, table: sa.Table, columns: Sequence[str], rows: bytes) -> int:
        """Append rows with COPY from its binary format (:mod:`chassis.database.binary`), and return how many.

        ``rows`` are fields in the order of ``columns``, without the format's beginning and end. For rows by the ten thousand: who
        knows what they have in common writes them faster than asyncpg encodes records.
        """
        names = [table.columns[name].name for name in columns]
        connection = await self.connection()
        status = await connection.copy_to_table(
            table.name,
            schema_name=table.schema,
            columns=names,
            source=_pieces(binary.HEADER + rows + binary.TRAILER),
            format="binary",
        )
        return _touched(status)

    async def run(self, text: str, *args: object) -> list[asyncpg.Record]:
        """Run an odd SQL text with ``$1`` arguments, for what Core cannot write; never DDL, never SET without LOCAL."""
        return await (await self.connection()).fetch(text, *args)

    async def lock(self, key: str) -> None:
        """Wait for the advisory lock of this name; it is released with the transaction."""
        await (await self.connection()).execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)


class Database:
    """The pool of one service's runtime role."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Wrap an open pool; use `open`."""
        self._pool = pool
        self._connections = _Connections(pool)

    @classmethod
    async def open(cls, url: str, pool_min: int = 1, pool_max: int = 8) -> "Database":
        """Connect to a ``postgresql://`` URL; raises OSError or an asyncpg error when that fails."""
        pool = await asyncpg.create_pool(
            url,
            min_size=pool_min,
            max_size=max(pool_min, pool_max),
            timeout=ACQUIRE_TIMEOUT_S,
            init=_codecs,
            # Giving a connection back would otherwise cost a second round trip. It may be left out because no session
            # state is ever set: settings only with SET LOCAL, advisory locks only for a transaction, no LISTEN, no
            # cursors WITH HOLD. asyncpg still rolls back what was left open.
            reset=_no_reset,
        )
        return cls(pool)

    async def close(self) -> None:
        """Close every connection, waiting at most ten seconds for running transactions."""
        try:
            await asyncio.wait_for(self._connections.close(), ACQUIRE_TIMEOUT_S)
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def transaction(
        self, name: str, *, readonly: bool = False, isolation: Isolation | None = None
    ) -> AsyncIterator[Transaction]:
        """Open a named transaction: committed at the end of the block, rolled back when the block raises.

        Raises Unavailable when the database cannot be reached, is lost on the way, or when the transaction lost a race
        that asking again can win.
        """
        async with self.statements(name) as tx:
            connection = await tx.connection()
            async with connection.transaction(isolation=isolation, readonly=readonly):
                yield tx

    @asynccontextmanager
    async def moment(self, name: str, gate: str, *, readonly: bool = False) -> AsyncIterator[Transaction]:
        """Open a named transaction whose statements all see one moment (REPEATABLE READ).

        ``gate`` is the first of the host's sealed tables, which the seal locks before it empties others or puts new ones in their
        place: such a transaction would see them empty.
        """
        async with self.transaction(name, readonly=readonly, isolation="repeatable_read") as tx:
            # Before the first query, which says what the moment is.
            await (await tx.connection()).execute(f"LOCK TABLE {gate} IN ACCESS SHARE MODE")
            yield tx

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[Transaction]:
        """Open a named transaction that reads one moment for long: no seal and no backup runs beside it (`chassis.turns`).

        Raises OutOfTurn where one does not end.
        """
        async with self.statements(name) as tx:
            connection = await tx.connection()
            await take_turn(connection)
            try:
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    yield tx
            finally:
                await leave_turn(connection)

    @asynccontextmanager
    async def beside(self, tx: Transaction) -> AsyncIterator[Transaction]:
        """Open another transaction that reads the same moment as that of `turn`, on a connection of its own, while that lasts."""
        moment = (await tx.run("SELECT pg_export_snapshot() AS name"))[0]["name"]
        async with self.statements(tx.name) as other:
            connection = await other.connection()
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                await connection.execute(f"SET TRANSACTION SNAPSHOT '{moment}'")
                yield other

    def statements(self, name: str) -> "_Lent":
        """Open a named block in which each statement is a transaction of its own, committed when it returns.

        For work whose every statement leaves the database right: BEGIN and COMMIT cost as much as two statements. Raises
        Unavailable as `transaction` does.
        """
        return _Lent(self._connections, name)

    async def run(
        self,
        name: str,
        work: Callable[[Transaction], Awaitable[R]],
        *,
        isolation: Isolation | None = None,
        retries: int = 3,
    ) -> R:
        """Run work in a named transaction, again when it lost a race (serialization failure, deadlock, lock timeout).

        The work may run several times, so it should do nothing but SQL.
        """
        for attempt in range(retries + 1):
            try:
                async with self.transaction(name, isolation=isolation) as tx:
                    return await work(tx)
            except Unavailable as error:
                if attempt == retries or not isinstance(error.__cause__, _AGAIN):
                    raise
            await asyncio.sleep(0.01 * 2**attempt)
        raise AssertionError("unreachable")


class _Lent:
    """A connection of the pool for one block. A class: nested generators showed in every profile."""

    def __init__(self, connections: "_Connections", name: str) -> None:
        self._connections = connections
        self._name = name

    async def __aenter__(self) -> Transaction:
        self._transaction = Transaction(self._connections, self._name)
        return self._transaction

    async def __aexit__(self, _kind: object, error: BaseException | None, _frames: object) -> None:
        await self._transaction.give_back(error)


class _Connections:
    """The connections of a pool, of which the one given back last is taken first.

    asyncpg makes a task and a timer for each that is given back to it, and another for each that is waited for with a limit: two
    statements' worth. So what nobody waits for stays here.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._kept: list[_Connection] = []
        self._waiting = 0
        self._closing = False

    async def take(self) -> _Connection:
        while self._kept:
            kept = self._kept.pop()
            if not _is_lost(kept):
                return kept
            await self._pool.release(kept)
        self._waiting += 1
        try:
            return await self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S)
        finally:
            self._waiting -= 1

    async def give_back(self, taken: _Connection, *, sound: bool) -> None:
        if sound and not (self._waiting or self._closing or _is_lost(taken)):
            self._kept.append(taken)
        else:
            await self._pool.release(taken)

    async def close(self) -> None:
        self._closing = True
        while self._kept:
            await self._pool.release(self._kept.pop())
        await self._pool.close()


def _is_temporary(error: BaseException, connection: _Connection) -> bool:
    return isinstance(error, (*_LOST, *_AGAIN)) or (isinstance(error, _MAYBE_LOST) and _is_lost(connection))


def _unavailable(name: str, error: BaseException) -> Unavailable:
    # Never the error's text: PostgreSQL's details quote values.
    _log.warning("transaction_unavailable", transaction=name, error=type(error).__name__)
    return Unavailable(headers={"Retry-After": "1"})


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    # asyncpg would read a file in a thread.
    for at in range(0, len(data), _PIECE):
        yield data[at : at + _PIECE]


async def _codecs(connection: Any) -> None:
    """Make json and jsonb columns carry Python values; a codec lives in the client, not in the server's session."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        # jsonb's binary form is a version byte (1) and the text.
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda data: orjson.loads(memoryview(data)[1:]),
    )
    await connection.set_type_codec(
        "json",
        schema="pg_catalog",
        format="text",
        encoder=lambda value: orjson.dumps(value).decode(),
        decoder=orjson.loads,
    )


async def _no_reset(_connection: object) -> None:
    return


def _is_lost(connection: _Connection) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken it away already
        return True


def _touched(status: str) -> int:
    last = status.rpartition(" ")[2]
    return int(last) if last.isdecimal() else 0
