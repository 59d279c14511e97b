"""What may be seen only once, such as the identifiers of signed requests: remembered for as long as they could be accepted.

Two unlogged tables hold nothing but hashes. An identifier goes into the table of the period in which it was issued, so one
identifier always meets itself in the same table, whichever worker sees it. A table is emptied once nothing issued in its period
can be accepted any more, and is then used for the period after the next.
"""

from collections.abc import Sequence
from pathlib import Path

from chassis.clock import Clock
from chassis.database import Database, Transaction
from chassis.service import Worker

MIGRATIONS = Path(__file__).parent / "migrations"
"""The folder of the tables; every service that asks for a :class:`Once` lists it among its migrations."""

_TABLES = ("once_even", "once_odd")
SLOTS = range(len(_TABLES))
# The planner takes a small table that nobody analyses for one of 2,550 rows, and then plans the caller's statement anew each time.
_ONE_MARK = "(SELECT since FROM once_mark LIMIT 1) AS mark"


def remembering(slot: int, identifier: str, issued_at: str, *, provided: str = "true") -> str:
    """Return the SQL that remembers an identifier in the table of a slot, given the caller's two parameters (bytea, bigint).

    It returns one row (``first``) the first time; no row for a repetition, for what was issued before the memory was lost, and
    where the caller's own condition ``provided`` does not hold: then nothing is remembered.
    """
    # The mark is empty after a crash, because PostgreSQL empties unlogged tables: then nothing is accepted.
    return (
        f"INSERT INTO {_TABLES[slot]} (id) SELECT {identifier} FROM {_ONE_MARK} "  # noqa: S608  # our own names
        f"WHERE since <= {issued_at} AND {provided} ON CONFLICT DO NOTHING RETURNING true AS first"
    )


_FIRST = tuple(remembering(slot, "$1::bytea", "$2") for slot in SLOTS)
_TWO = {
    (one, other): (
        f"WITH one AS ({remembering(one, '$1::bytea', '$2')}), other AS ({remembering(other, '$3::bytea', '$4')}) "  # noqa: S608  # our own names
        "SELECT EXISTS (SELECT FROM one) AS one, EXISTS (SELECT FROM other) AS other"
    )
    for one in SLOTS
    for other in SLOTS
}
_MARK = "INSERT INTO once_mark (since) VALUES ($1) ON CONFLICT DO NOTHING"
_MARKED = "SELECT true FROM once_mark"
_STALE = tuple(f"SELECT true FROM {table} LIMIT 1" for table in _TABLES)  # noqa: S608  # our own names
_EMPTY = tuple(f"TRUNCATE {table}" for table in _TABLES)


class Once:
    """Remembers identifiers for ``lifetime_s`` seconds after they were issued, by clocks that may be ``skew_s`` ahead."""

    def __init__(self, db: Database, clock: Clock, *, lifetime_s: int, skew_s: int) -> None:
        """Keep what decides when an identifier is forgotten."""
        self._db = db
        self._clock = clock
        self._lifetime = lifetime_s
        self._skew = skew_s
        # Longer than anything is acceptable, twice over: half of each period is left for emptying the other table.
        self._period = 2 * (lifetime_s + skew_s)
        self._lost = True

    async def first(self, identifier: bytes, issued_at: int) -> bool:
        """Return True the first time; False for every repetition, and for what was issued before the memory was lost."""
        await self._recover()
        async with self._db.statements("once") as tx:
            return await self._first(tx, identifier, issued_at)

    async def each_first(self, seen: Sequence[tuple[bytes, int]]) -> list[bool]:
        """Do as `first` for up to two different identifiers with their times, in one statement; return an answer for each."""
        if len(seen) < 2:
            return [await self.first(identifier, issued_at) for identifier, issued_at in seen]
        (one, one_at), (other, other_at) = seen
        await self._recover()
        async with self._db.statements("once") as tx:
            (row,) = await tx.run(_TWO[self.slot(one_at), self.slot(other_at)], one, one_at, other, other_at)
            if not (row["one"] and row["other"]):
                self._lost = not await tx.run(_MARKED)
        return [row["one"], row["other"]]

    async def first_within(self, tx: Transaction, identifier: bytes, issued_at: int) -> bool:
        """Do as `first` within the caller's transaction: what is rolled back was not seen."""
        return await self._first(tx, identifier, issued_at)

    def slot(self, issued_at: int) -> int:
        """Return the slot of what was issued at this time, for a caller whose own statement is `remembering` it."""
        return issued_at // self._period % len(_TABLES)

    async def rotate(self) -> None:
        """Empty the table of the last period when nothing issued in it can be accepted; restore a lost mark."""
        self._lost = True
        await self._recover()
        period, into = divmod(self._clock.timestamp(), self._period)
        if not self._lifetime < into < self._period - self._skew - 1:
            return
        slot = (period + 1) % 2
        async with self._db.transaction("once-rotate") as tx:
            if await tx.run(_STALE[slot]):
                await tx.run(_EMPTY[slot])

    async def _first(self, tx: Transaction, identifier: bytes, issued_at: int) -> bool:
        if await tx.run(_FIRST[self.slot(issued_at)], identifier, issued_at):
            return True
        # In a transaction of its own later: the caller rolls this one back.
        self._lost = not await tx.run(_MARKED)
        return False

    async def _recover(self) -> None:
        if not self._lost:
            return
        async with self._db.transaction("once-mark") as tx:
            if not await tx.run(_MARKED):
                # Whatever was accepted before the loss was issued at most `skew` from now.
                await tx.run(_MARK, self._clock.timestamp() + self._skew + 1)
        self._lost = False


async def _rotate(state: object) -> None:
    once: Once = state.once  # type: ignore[attr-defined]  # Starlette's State has whatever the service's start put there
    await once.rotate()


# At start too: after a crash of the database nothing is accepted before the lost mark is restored.
ROTATION = Worker("once-rotation", 30.0, _rotate, at_start=True)
"""The worker of a service whose start put its `Once` into the state as ``once``."""
