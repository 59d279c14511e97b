"""Importing checkups: ``POST /checkups`` against COPY of the same results into a table with the same primary key."""

import time

from bench.case import Case
from bench.checkup_batches import COLUMNS, HOST, Batch, in_a_window
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.rounds import alternate

TARGET = 0.2
"""A checked, hashed, quota-bound batch of JSON cannot be as fast as a stream of rows that are believed."""
_DDL = "CREATE TABLE bench.observation (LIKE public.observation INCLUDING INDEXES)"
_COUNT = "SELECT count(*) FROM observation"


async def run(bench: Bench) -> list[Figure]:
    """Measure results a second that have reached the table, details and headers of the checkups included on our side."""
    ours, prepared = await bench.ours(HOST), dict[int, list[Batch]]()
    async with (
        bench.own_tables(HOST, _DDL) as connection,
        in_a_window(bench, bench.scale.batch_rows) as batches,
    ):

        def of_round(number: int) -> list[Batch]:
            if number not in prepared:
                prepared.clear()
                prepared[number] = [batches.batch() for _ in range(bench.scale.batches)]
            return prepared[number]

        async def our_turn(number: int) -> float:
            made, before = of_round(number), await connection.fetchval(_COUNT)
            # One connection: the registrar sends one batch after the other.
            measured = await bench.load(ours, [batches.request(batch) for batch in made], connections=1)
            rows = sum(len(batch.records) for batch in made)
            if await connection.fetchval(_COUNT) - before != rows:
                raise BenchError("not every result reached the table")
            return rows / measured.seconds

        async def peer_turn(number: int) -> float:
            made, begun = of_round(number), time.perf_counter()
            for batch in made:
                await connection.copy_records_to_table("observation", schema_name="bench", columns=COLUMNS, records=batch.records)
            return sum(len(batch.records) for batch in made) / (time.perf_counter() - begun)

        our, limit = await alternate(bench.scale.rounds, our_turn, peer_turn)
    return [compared("import of checkup results", "rows/s", our, limit, target=TARGET)]


CASE = Case("import-rows", "the registrar stores checkups", run)
