"""Questions to a snapshot, answered by the engine with all its rules, and by SQL written by hand that shows the true numbers."""

import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import duckdb
from analysis import MemberYear, Question, newest, variables
from analysis.engine import Engine
from analysis.making import make_snapshot
from analysis.member_years import Disease

from bench.case import Case
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.rounds import alternate

TARGET = 0.77
"""At most 1.3 times as long, with half a million members: planning takes milliseconds, however few they are."""
_MANY = 500_000
_QUESTIONS = {
    "metabolic syndrome by age and sex": (
        Question("metabolic-syndrome", None, ("age", "sex")),
        """SELECT fiscal_year, age_band, sex, count(*), count(*) FILTER (syndrome = 'present') FROM '{0}'
        WHERE syndrome IN ('present', 'at-risk', 'absent') GROUP BY ALL""",
    ),
    "smoking by workplace, age and sex": (
        Question("smoking", 2025, ("workplace", "age:stage", "sex")),
        """SELECT workplace, age_stage, sex, count(*), count(*) FILTER (smoking = 'yes') FROM '{0}'
        WHERE fiscal_year = 2025 AND smoking IN ('yes', 'no') GROUP BY ALL""",
    ),
    "glucose by workplace": (
        Question("risk-glucose", 2025, ("workplace",)),
        """SELECT workplace, count(*), count(*) FILTER (risk_glucose = 'yes') FROM '{0}'
        WHERE fiscal_year = 2025 AND risk_glucose IN ('yes', 'no') GROUP BY ALL""",
    ),
    "cost by age and sex": (
        Question("cost-per-month", None, ("age", "sex")),
        """SELECT fiscal_year, age_band, sex, count(*), sum(least(yen, 1500000)) / sum(least(months, 12)) FROM '{0}'
        GROUP BY ALL""",
    ),
    "obesity by taking part the year before": (
        Question("risk-obesity", None, ("participation-winter@2024",)),
        """SELECT m.fiscal_year, f.participation_winter, count(*), count(*) FILTER (m.risk_obesity = 'yes')
        FROM '{0}' m LEFT JOIN '{0}' f ON f.person = m.person AND f.fiscal_year = 2024
        WHERE m.risk_obesity IN ('yes', 'no') GROUP BY ALL""",
    ),
    "cost of each disease": (
        Question("disease-cost-per-month", None, ("disease",)),
        """WITH everybody AS (SELECT fiscal_year, count(*) AS people, sum(least(months, 12)) AS months FROM '{0}' GROUP BY ALL)
        SELECT fiscal_year, disease_class, people, sum(least(yen, 500000)) / months FROM '{1}' JOIN everybody USING (fiscal_year)
        WHERE disease_class IS NOT NULL GROUP BY fiscal_year, disease_class, people, months""",
    ),
}
"""The six of which storage was chosen: the last has a row for each of a person's diseases in a year."""
_CLASSES = [
    Disease(f"{group:02}{number:02}", name)
    for group, name in enumerate(variables()["disease"].rungs[1].levels or (), 1)
    for number in range(1, 8)
]
_COMMON = [1 / place for place in range(1, len(_CLASSES) + 1)]
"""How often each is: a few are many people's, most are few people's."""


async def run(bench: Bench) -> list[Figure]:
    """Make a snapshot of two years, then ask in turns."""
    members = bench.scale.stored_members
    with tempfile.TemporaryDirectory(prefix="warifu-bench-analysis-") as folder:
        begun = time.monotonic()
        make_snapshot(_member_years(members), Path(folder), "2026-11")
        bench.say(f"a snapshot of {2 * members:,} member-years after {time.monotonic() - begun:.0f} s")
        engine = Engine(newest(Path(folder)))
        target = TARGET if members >= _MANY else None
        return [
            compared(f"analysis: {name}", "ms", *await _measured(bench, engine, question, sql), better="less", target=target)
            for name, (question, sql) in _QUESTIONS.items()
        ]


async def _measured(bench: Bench, engine: Engine, question: Question, sql: str) -> tuple[list[float], list[float]]:
    by_hand = duckdb.connect()
    text = sql.format(engine.snapshot.member_years, engine.snapshot.disease_years)

    def ask() -> int:
        engine._answers.clear()
        return len(engine.ask(question).cells)

    def query() -> int:
        return len(by_hand.sql(text).fetchall())

    try:
        return await alternate(bench.scale.rounds, _turn(ask), _turn(query))
    finally:
        by_hand.close()


def _turn(work: Callable[[], int]) -> Callable[[int], Awaitable[float]]:
    async def measured(_round: int) -> float:
        begun = time.perf_counter()
        if not work():
            raise BenchError("nothing was answered")
        return 1000 * (time.perf_counter() - begun)

    return measured


def _member_years(members: int) -> Iterator[MemberYear]:
    chance = random.Random(5)
    for number in range(members):
        workplace, sex = f"w{int(chance.expovariate(0.02)):04}", chance.choice(("male", "female"))
        age = chance.randrange(18, 80)
        for year in (2024, 2025):
            said = {
                "examined": "yes",
                "smoking": chance.choice(("yes", "no", "no")),
                "syndrome": chance.choice(("present", "at-risk", "absent", "absent")),
                "risk-glucose": chance.choice(("yes", "no")),
                "risk-obesity": chance.choice(("yes", "no")),
                "participation-winter": chance.choice(("none", "some", "regular")),
            }
            amounts = {"months": 12, "yen": chance.expovariate(1 / 150_000)}
            ill = {one: chance.expovariate(1 / 30_000) for one in chance.choices(_CLASSES, _COMMON, k=chance.randrange(9))}
            yield MemberYear(number.to_bytes(4), year, age + year - 2024, sex, "insured", workplace, said, amounts, ill)


CASE = Case("analysis-questions", "an analyst's questions, and SQL by hand on the same file", run)
