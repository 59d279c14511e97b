"""Importing checkups: ``POST /checkups`` against COPY of the same rows into tables with the same primary keys."""

import time

from registrar.batches import BATCHES_AT_A_TIME

from bench.case import Case
from bench.checkup_batches import COLUMNS, HEADER_COLUMNS, HOST, Batch, in_a_window
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.rounds import alternate

TARGET = 0.7
_DDL = tuple(
    f"CREATE TABLE bench.{table} (LIKE public.{table} INCLUDING INDEXES INCLUDING STORAGE)" for table in ("checkup", "observation")
)
_COUNT = "SELECT count(*) FROM observation"


async def run(bench: Bench) -> list[Figure]:
    """Measure results a second that have reached the table, each side with its checkups' headers and details."""
    ours, prepared = await bench.ours(HOST), dict[int, list[Batch]]()
    async with (
        bench.own_tables(HOST, *_DDL) as connection,
        in_a_window(bench, bench.scale.batch_rows) as batches,
    ):

        def of_round(number: int) -> list[Batch]:
            if number not in prepared:
                prepared.clear()
                prepared[number] = [batches.batch() for _ in range(bench.scale.batches)]
            return prepared[number]

        async def our_turn(number: int) -> float:
            made, before = of_round(number), await connection.fetchval(_COUNT)
            # As many as the registrar has under way.
            measured = await bench.load(ours, [batches.request(batch) for batch in made], connections=BATCHES_AT_A_TIME)
            rows = sum(len(batch.records) for batch in made)
            if await connection.fetchval(_COUNT) - before != rows:
                raise BenchError("not every result reached the table")
            return rows / measured.seconds

        async def peer_turn(number: int) -> float:
            made, begun = of_round(number), time.perf_counter()
            for batch in made:
                async with connection.transaction():
                    for table, columns, records in (
                        ("checkup", HEADER_COLUMNS, batch.checkups),
                        ("observation", COLUMNS, batch.records),
                    ):
                        await connection.copy_records_to_table(table, schema_name="bench", columns=columns, records=records)
            return sum(len(batch.records) for batch in made) / (time.perf_counter() - begun)

        our, limit = await alternate(bench.scale.rounds, our_turn, peer_turn)
    return [compared("import of checkup results", "rows/s", our, limit, target=TARGET)]


CASE = Case("import-rows", "the registrar stores checkups", run)
