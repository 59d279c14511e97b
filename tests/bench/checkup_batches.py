"""Registrar batches of new checkups for members that are there: the results of stored checkups under other days."""

import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from protocol import proof
from protocol.messages.records import Checkup, Observation, StoreCheckups
from registrar.home import Home
from registrar.hosts import Hosts, encode
from registrar.officers import load_officers
from registrar.session import Session, open_windows
from registrar.windows import Window, quotas_of

from bench.errors import BenchError
from bench.harness import Bench
from bench.load import request_bytes

HOST: Final = "anon-data"
Record = tuple[date, int, int, int | None, bytes | None, bytes, Decimal | None, str | None]
"""A row of ``observation``, in the order of its columns."""
COLUMNS = ("exam_date", "program", "item", "absent", "flag", "token", "value", "choice")
Header = tuple[date, int, int, int, bytes, bytes, bytes | None]
"""A row of ``checkup``, in the order of its columns."""
HEADER_COLUMNS = ("exam_date", "fiscal_year", "program", "age", "token", "content", "details")
_ABSENT: dict[int, Any] = {1: "not-performed", 2: "not-measurable", 3: "above-range", 4: "below-range"}
_FIRST_DAY = date(1920, 4, 1)
_LAST_DAY = date(2000, 1, 1)
"""Long before anything the population has."""
_RESULTS = "SELECT o.*, i.code FROM observation o JOIN item i ON i.id = o.item ORDER BY o.token, o.exam_date, o.program, o.item"


@dataclass(frozen=True)
class Pattern:
    """One stored checkup: what a batch's rows are copied from."""

    token: bytes
    program: int
    details: bytes | None
    results: tuple[tuple[int, Observation], ...]
    """With the item's id."""


@dataclass(frozen=True)
class Batch:
    """The same checkups as one signed-to-be body and as rows of the two tables."""

    body: bytes
    checkups: list[Header]
    records: list[Record]


@dataclass
class Batches:
    """Makes batches; no two have a checkup in common."""

    origin: str
    window: Window
    patterns: list[Pattern]
    rows: int
    _of: Counter[bytes] = field(default_factory=Counter)
    """How many checkups of each member were made."""

    def batch(self) -> Batch:
        """Return the next batch."""
        rows: list[tuple[bytes, Checkup]] = []
        headers: list[Header] = []
        records: list[Record] = []
        # However often a member comes, it is another checkup.
        chosen = [self.patterns[at % len(self.patterns)] for at in range(self.rows)]
        for pattern in sorted(chosen, key=lambda one: one.token):
            on = _FIRST_DAY + timedelta(days=self._of[pattern.token])
            self._of[pattern.token] += 1
            results = tuple(result for _, result in pattern.results)
            checkup = Checkup(
                exam_date=on,
                fiscal_year=on.year - (on.month < 4),
                program=f"{pattern.program:03d}",
                age=50,
                observations=results,
                details=pattern.details,
            )
            rows.append((pattern.token, checkup))
            headers.append((on, checkup.fiscal_year, pattern.program, checkup.age, pattern.token, bytes(32), pattern.details))
            records += [_record(pattern, on, item, result) for item, result in pattern.results]
        return Batch(encode(StoreCheckups.of(rows)), headers, records)

    def request(self, batch: Batch) -> bytes:
        """Return a batch as a signed call."""
        url = self.origin + "/checkups"
        made = proof.make(self.window.request_key, "POST", url, self.window.id, batch.body, int(time.time()))
        return request_bytes("POST", "/checkups", self.origin.removeprefix("http://"), {proof.HEADER: made}, batch.body)


@asynccontextmanager
async def in_a_window(bench: Bench, rows: int) -> AsyncIterator[Batches]:
    """Open a window in which the batches may be stored; afterwards members' pages are as long as before."""
    system, deployment = await bench.system(), await bench.deployment()
    home = Home.load(system.layout.registrar)
    officers = load_officers(sorted(system.layout.officers.glob("*.key")), deployment.officers)
    async with Hosts(deployment) as hosts:
        session = Session(deployment, hosts, home.windows, officers)
        _, window = await open_windows(session, "ingest", quotas_of("ingest", checkups=1_000_000))
        try:
            yield Batches(deployment.origins[HOST], window, await _patterns(bench), rows)
        finally:
            await _forget(bench)


async def _forget(bench: Bench) -> None:
    async with bench.owner(HOST) as connection:
        await connection.execute("DELETE FROM observation WHERE exam_date < $1", _LAST_DAY)
        await connection.execute("DELETE FROM checkup WHERE exam_date < $1", _LAST_DAY)
        await connection.execute("VACUUM (ANALYZE) observation, checkup")


async def _patterns(bench: Bench) -> list[Pattern]:
    async with bench.owner(HOST) as connection:
        details = {
            (row["token"], row["exam_date"], row["program"]): row["details"]
            for row in await connection.fetch("SELECT token, exam_date, program, details FROM checkup")
        }
        found: dict[tuple[bytes, date, int], list[tuple[int, Observation]]] = {}
        for row in await connection.fetch(_RESULTS):
            observation = Observation(
                item=row["code"],
                value=row["value"],
                choice=row["choice"],
                absent=_ABSENT.get(row["absent"]),
                flag=row["flag"].decode() if row["flag"] else None,
            )
            found.setdefault((row["token"], row["exam_date"], row["program"]), []).append((row["item"], observation))
    if not found:
        raise BenchError("the population has no checkups")
    return [Pattern(key[0], key[2], details[key], tuple(results)) for key, results in found.items()]


def _record(pattern: Pattern, on: date, item: int, result: Observation) -> Record:
    absent = next((number for number, name in _ABSENT.items() if name == result.absent), None)
    flag = result.flag.encode() if result.flag else None  # asyncpg gives and takes "char" as bytes
    return on, pattern.program, item, absent, flag, pattern.token, result.value, result.choice
