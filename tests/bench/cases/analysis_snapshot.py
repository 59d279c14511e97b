"""A snapshot made of the store's narrow tables, and COPY of these; then questions to it, and SQL by hand on the tables themselves.

Both show the same: the engine with all its rules, PostgreSQL the true numbers.
"""

import asyncio
import os
import tempfile
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import asyncpg
from analysis import Question, memory, newest
from analysis.engine import Engine
from analysis.making import making
from anon_data.snapshots.given import Given
from anon_data.use_cases.make_snapshot import make_snapshot
from chassis.database import Database

from bench.case import Case
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.health_records import CLASSES, NUMBERS, SCHEMA, TABLES, fill
from bench.rounds import Turn, alternate

HOST = "anon-data"
BUILD_TARGET = 0.67
"""At most one and a half times as long."""
_MANY = 100_000
"""From so many members on the aims count: before, planning is most of a question."""
_MOST_ROUNDS = 3
_BANDS = "width_bucket(fiscal_year - birth_year, ARRAY[10, 20, 30, 40, 50, 60, 65, 75])"
_FISCAL_YEAR = "extract(year FROM month - interval '3 months')"


def _of(value: str, name: str) -> str:
    return f"max({value}) FILTER (WHERE item = {NUMBERS[name]})"


_AXES = [
    str(NUMBERS[name])
    for name in (
        *("waist-circumference", "systolic-blood-pressure", "diastolic-blood-pressure", "triglycerides-fasting"),
        *("hdl-cholesterol", "glucose-fasting"),
    )
]
_SYNDROME = f"""
SELECT fiscal_year, {_BANDS}, sex, count(*), count(*) FILTER (WHERE waist >= CASE sex WHEN 'male' THEN 85 ELSE 90 END
       AND (upper >= 130 OR lower >= 85)::int + (fat >= 150 OR hdl < 40)::int + (sugar >= 110)::int >= 2)
FROM (SELECT token, exam_date, program, {_of("value", "waist-circumference")} AS waist,
             {_of("value", "systolic-blood-pressure")} AS upper,
             {_of("value", "diastolic-blood-pressure")} AS lower, {_of("value", "triglycerides-fasting")} AS fat,
             {_of("value", "hdl-cholesterol")} AS hdl, {_of("value", "glucose-fasting")} AS sugar
      FROM observation WHERE item = ANY (ARRAY[{", ".join(_AXES)}]::smallint[]) GROUP BY 1, 2, 3) o
JOIN checkup USING (token, exam_date, program) JOIN person USING (token) GROUP BY 1, 2, 3"""
_SMOKING = f"""
SELECT workplace, width_bucket(fiscal_year - birth_year, ARRAY[40, 65, 75]), sex, count(*), count(*) FILTER (WHERE choice = '1')
FROM observation JOIN checkup USING (token, exam_date, program) JOIN person USING (token)
WHERE item = {NUMBERS["smoking"]} AND fiscal_year = 2025 GROUP BY 1, 2, 3"""
_GLUCOSE = f"""
SELECT workplace, count(*), count(*) FILTER (WHERE value >= 100)
FROM observation JOIN checkup USING (token, exam_date, program) JOIN person USING (token)
WHERE item = {NUMBERS["glucose-fasting"]} AND fiscal_year = 2025 GROUP BY 1"""
_COST = f"""
SELECT fiscal_year, {_BANDS}, sex, count(*), sum(least(yen, 1500000)) / (12 * count(*))
FROM (SELECT token, {_FISCAL_YEAR} AS fiscal_year, 10 * sum(points) AS yen FROM medical_claim GROUP BY 1, 2) c
JOIN person USING (token) GROUP BY 1, 2, 3"""
_OBESITY = f"""
SELECT fiscal_year, level, count(*), count(*) FILTER (WHERE waist >= CASE sex WHEN 'male' THEN 85 ELSE 90 END OR mass >= 25)
FROM (SELECT token, exam_date, program, {_of("value", "waist-circumference")} AS waist, {_of("value", "body-mass-index")} AS mass
      FROM observation WHERE item = ANY (ARRAY[{NUMBERS["waist-circumference"]}, {NUMBERS["body-mass-index"]}]::smallint[])
      GROUP BY 1, 2, 3) o
JOIN checkup USING (token, exam_date, program) JOIN person USING (token)
LEFT JOIN participation ON participation.token = o.token AND half = '2024-10-01' GROUP BY 1, 2"""
_DISEASES = f"""
SELECT fiscal_year, code, count(*), sum(least(yen, 500000))
FROM (SELECT token, {_FISCAL_YEAR} AS fiscal_year, code, sum(10.0 * points / bearers) AS yen
      FROM medical_claim_diagnosis GROUP BY 1, 2, 3) y GROUP BY 1, 2"""
_QUESTIONS = {
    "metabolic syndrome by age and sex": (Question("metabolic-syndrome", None, ("age", "sex")), _SYNDROME, 5.0),
    "smoking by workplace, age and sex": (Question("smoking", 2025, ("workplace", "age:stage", "sex")), _SMOKING, 5.0),
    "glucose by workplace": (Question("risk-glucose", 2025, ("workplace",)), _GLUCOSE, 5.0),
    "cost by age and sex": (Question("cost-per-month", None, ("age", "sex")), _COST, 3.0),
    "obesity by taking part the year before": (Question("risk-obesity", None, ("participation-winter@2024",)), _OBESITY, 5.0),
    "cost of each disease": (Question("disease-cost-per-month", None, ("disease",)), _DISEASES, 5.0),
}
"""The six of which storage was chosen, each with the least number of times by which it is aimed to be faster."""


async def run(bench: Bench) -> list[Figure]:
    """Make snapshots and copies in turns, then ask in turns."""
    members, url = bench.scale.stored_members, (await bench.system()).owner_urls[HOST]
    with tempfile.TemporaryDirectory(prefix="warifu-bench-snapshot-") as folder:
        async with bench.own_tables(HOST, schema=SCHEMA) as connection:
            begun = time.monotonic()
            await fill(connection, members)
            bench.say(
                f"{members:,} members, {40 * members:,} results, {16 * members:,} claims after {time.monotonic() - begun:.0f} s"
            )
            with ProcessPoolExecutor(1, get_context("spawn"), memory.keep) as process:
                here = f"{url}{'&' if '?' in url else '?'}search_path={SCHEMA},public"
                figures = [await _built(bench, process, here, connection, Path(folder))]
            engine = Engine(newest(Path(folder) / "0"))
            for name, (question, sql, times) in _QUESTIONS.items():
                measured = await alternate(_rounds(bench), _asking(engine, question), _querying(connection, sql))
                target = times if members >= _MANY else None
                figures.append(compared(f"beside PostgreSQL: {name}", "ms", *measured, better="less", target=target))
    return figures


async def _built(
    bench: Bench, process: Executor, url: str, connection: "asyncpg.Connection[asyncpg.Record]", folder: Path
) -> Figure:
    members = bench.scale.stored_members

    async def build(number: int) -> float:
        people, seconds = await asyncio.get_running_loop().run_in_executor(process, _make, url, folder / f"{number}")
        if people != members:
            raise BenchError("not everybody is in the snapshot")
        return seconds

    async def copy(_number: int) -> float:
        begun = time.perf_counter()
        for table in TABLES:
            await connection.copy_from_table(table, schema_name=SCHEMA, output=folder / "copy", format="csv")
        return time.perf_counter() - begun

    # What filling left to be written is not part of it.
    await asyncio.to_thread(os.sync)
    # The first of each is measured too: it is as a month's snapshot is, and COPY finds in memory what it has read.
    ours, copies = [await build(0)], [await copy(0)]
    more = await alternate(2, lambda number: build(number + 1), copy)
    ours, copies = ours + more[0], copies + more[1]
    name = f"a snapshot of {members:,} members, and COPY of its tables"
    return compared(name, "s", ours, copies, better="less", target=BUILD_TARGET)


def _make(url: str, shelf: Path) -> tuple[int, float]:
    """Make a snapshot as the command does it, in a process that does nothing else; return of how many people, and seconds."""

    async def made() -> tuple[int, float]:
        db = await Database.open(url, 1, 2)
        try:
            begun = time.perf_counter()
            with making(shelf, "2026-11") as made:
                people = await make_snapshot(db, made, Given(classes=CLASSES))
            return people, time.perf_counter() - begun
        finally:
            await db.close()

    return asyncio.run(made())


def _rounds(bench: Bench) -> int:
    return min(_MOST_ROUNDS, bench.scale.rounds)


def _asking(engine: Engine, question: Question) -> Turn[float]:
    async def measured(_number: int) -> float:
        engine._answers.clear()
        begun = time.perf_counter()
        engine.ask(question)
        return 1000 * (time.perf_counter() - begun)

    return measured


def _querying(connection: "asyncpg.Connection[asyncpg.Record]", sql: str) -> Turn[float]:
    async def measured(_number: int) -> float:
        begun = time.perf_counter()
        if not await connection.fetch(sql):
            raise BenchError("nothing was answered")
        return 1000 * (time.perf_counter() - begun)

    return measured


CASE = Case("analysis-snapshot", "a snapshot and COPY of the same tables, and questions to it and to these tables", run)
