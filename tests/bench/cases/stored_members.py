"""A member's read at the store among many members and among few: the store's own statement, on tables made by SQL.

Each member has two checkups of 20 results; sealed details are left out. Both sizes read the same number of rows.
"""

import random
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from anon_data.store import checkups
from chassis.database import Database
from mailboxes.store.admission import Signed
from protocol.encoding import sha256

from bench.case import Case
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.rounds import alternate

HOST = "anon-data"
TARGET = 0.67
"""At most one and a half times as long."""
_RESULTS = 40
_FEW, _MANY = "bench_few", "bench_many"
_FILL = """
    CREATE UNLOGGED TABLE {0}.reader_key (LIKE public.reader_key INCLUDING ALL);
    CREATE UNLOGGED TABLE {0}.checkup (LIKE public.checkup INCLUDING ALL);
    CREATE UNLOGGED TABLE {0}.observation (LIKE public.observation INCLUDING ALL);
    INSERT INTO {0}.reader_key (token, jkt)
        SELECT token, sha256(token) FROM (SELECT sha256(int4send(n)) AS token FROM generate_series(1, {1}) n) t ORDER BY token;
    INSERT INTO {0}.checkup (exam_date, fiscal_year, program, age, token, content)
        SELECT make_date(year, 6, 1), year, 10, 50, token, sha256(token) FROM {0}.reader_key, generate_series(2024, 2025) year
        ORDER BY token, year;
    INSERT INTO {0}.observation (exam_date, program, item, token, value)
        SELECT exam_date, program, generate_series(1, 20), token, 65.5 FROM {0}.checkup;
"""
_SIZE = """
    SELECT pg_size_pretty(sum(pg_total_relation_size(oid)))
    FROM pg_class WHERE relnamespace = $1::text::regnamespace AND relkind = 'r'
"""


@dataclass(frozen=True)
class Crowd:
    """So many members in a schema."""

    db: Database
    members: int

    async def read(self) -> None:
        """Read the record of one of them, as its route does: one statement that admits, remembers the proof, and reads."""
        token = sha256((1 + random.randrange(self.members)).to_bytes(4))
        signed = Signed(token, sha256(token), secrets.token_bytes(32), int(time.time()), 0)
        async with self.db.statements("bench-read") as tx:
            rows = await checkups.of_reader(tx, signed)
        if rows is None or sum(len(row["items"]) for row in rows) != _RESULTS:
            raise BenchError("a member's record is not all there")


async def run(bench: Bench) -> list[Figure]:
    """Fill both, then read in turns."""
    scale, url = bench.scale, (await bench.system()).owner_urls[HOST]
    many, few = scale.stored_members, min(2000, scale.stored_members // 10)
    async with bench.own_tables(HOST, schema=_FEW), bench.own_tables(HOST, schema=_MANY) as connection:
        for schema, members in ((_FEW, few), (_MANY, many)):
            begun = time.monotonic()
            await connection.execute(_FILL.format(schema, members))
            for table in ("reader_key", "checkup", "observation"):
                await connection.execute(f"VACUUM (ANALYZE) {schema}.{table}")
            size, seconds = await connection.fetchval(_SIZE, schema), time.monotonic() - begun
            bench.say(f"{members:,} members, {members * _RESULTS:,} results, {size} after {seconds:.0f} s")
        ours, limit = await _measured(bench, Crowd(await _opened(url, _MANY), many), Crowd(await _opened(url, _FEW), few))
    return [compared(f"a member's read among {many:,}, and among {few:,}", "ms", ours, limit, better="less", target=TARGET)]


async def _opened(url: str, schema: str) -> Database:
    return await Database.open(f"{url}{'&' if '?' in url else '?'}search_path={schema},public", 1, 1)


async def _measured(bench: Bench, many: Crowd, few: Crowd) -> tuple[list[float], list[float]]:
    def turn(crowd: Crowd) -> Callable[[int], Awaitable[float]]:
        async def measured(_round: int) -> float:
            begun = time.perf_counter()
            for _ in range(bench.scale.requests):
                await crowd.read()
            return 1000 * (time.perf_counter() - begun) / bench.scale.requests

        return measured

    try:
        return await alternate(bench.scale.rounds, turn(many), turn(few))
    finally:
        await many.db.close()
        await few.db.close()


CASE = Case("scale", "a member reads among many, and among few", run)
