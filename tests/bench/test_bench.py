"""The harness itself, on numbers too small to say anything about speed."""

import asyncio
import json
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from local.ports import is_free

from bench import report
from bench.case import all_cases
from bench.figure import Figure, compared, within
from bench.harness import Bench
from bench.rounds import alternate
from bench.run import conduct
from bench.scale import TINY

_FIELDS = ["name", "unit", "value", "limit", "ratio", "target", "met"]
_PORTS = 32
"""Those of a deployment and of the peers above them."""


def test_every_case_fills_the_report(tmp_path: Path) -> None:
    """Every case runs against a whole system, and each of its figures stands in the report with all its fields."""
    ran: list[str] = []
    # Not below pytest's own folder, which is closed to the user that PostgreSQL runs as.
    with TemporaryDirectory(prefix="warifu-bench-") as folder:
        root = Path(folder)
        root.chmod(0o711)
        cases = all_cases()
        figures = asyncio.run(conduct(Bench(root, _base_port(), TINY, ran.append), list(cases.values())))
    report.write(figures, tmp_path / "bench" / "report.json")
    entries = json.loads((tmp_path / "bench" / "report.json").read_text(encoding="utf-8"))["figures"]

    assert [line.split(":")[0] for line in ran if line.split(":")[0] in cases] == list(cases)
    assert {tuple(entry) for entry in entries} == {tuple(_FIELDS)}
    assert sorted(entry["name"] for entry in entries) == sorted(
        [
            "import of checkup results",
            "import of archives",
            "a member's read among 200, and among 20",
            "login to readable records",
            "first login to readable records",
            "signing out, until signed out everywhere",
            "an order reserved, by transfers from one issuer",
            "an order reserved, by transfers to 20 suppliers",
            "a grant to many members, by COPY of its entries",
            "the morning wave: highest rate held",
            "the morning wave: p99 at the highest rate held",
            "analysis: metabolic syndrome by age and sex",
            "analysis: smoking by workplace, age and sex",
            "analysis: glucose by workplace",
            "analysis: cost by age and sex",
            "analysis: obesity by taking part the year before",
            "analysis: cost of each disease",
            "a snapshot of 200 members, and COPY of its tables",
            *(
                f"beside PostgreSQL: {name}"
                for name in (
                    "metabolic syndrome by age and sex",
                    "smoking by workplace, age and sex",
                    "glucose by workplace",
                    "cost by age and sex",
                    "obesity by taking part the year before",
                    "cost of each disease",
                )
            ),
            "blind evaluation (batches of 256)",
            "a seal of 200 members, and their rows written once",
            "the longest read during that seal, and the seal",
            "the longest write during that seal, and the seal",
            *(
                f"{name}{side}"
                for name in (
                    "record page (GET /me/checkups)",
                    "a value measured at home (PUT /me/vitals)",
                    "FHIR search (a page of 100, the newest first)",
                    "FHIR search (one code)",
                    "session opening at gateway",
                    "session opening at keyvault",
                    "session opening at identity",
                    "session opening by passkey",
                    "session opening by letter",
                    "a program's token (client_credentials)",
                    "a session's next token (refresh)",
                    "a silent sign-in with tokens",
                    "steps of two days (PUT /me/step-days)",
                    "the same, everybody in one team",
                    "the own team's place (POST /me/ranking)",
                )
                for side in ("", ": CPU")
            ),
        ]
    )


def test_a_throughput_is_ours_by_the_peers() -> None:
    """More is better: the ratio is our median by the peer's, and the aim is reached at the target."""
    figure = compared("rows", "rows/s", [60.0, 70.0, 90.0], [100.0, 100.0, 120.0], target=0.7)

    assert (figure.value, figure.limit, figure.ratio, figure.met) == (70.0, 100.0, 0.7, True)


def test_a_cost_is_the_peers_by_ours() -> None:
    """Less is better: twice the peer's processor time is a ratio of one half, and without a target nothing is met or missed."""
    figure = compared("cpu", "ms/request", [2.0], [1.0], better="less")

    assert (figure.ratio, figure.met) == (0.5, None)


def test_a_duration_is_what_is_allowed_by_what_it_took() -> None:
    """Slower than allowed is a ratio below one."""
    figure = within("login", [2.0, 3.0, 4.0], 1.5)

    assert (figure.value, figure.limit, figure.ratio, figure.target, figure.met) == (3.0, 1.5, 0.5, 1.0, False)


async def test_sides_take_turns() -> None:
    """Who begins changes each round, and the first round counts for nobody."""
    turns: list[str] = []

    async def ours(number: int) -> int:
        turns.append(f"ours {number}")
        return number

    async def peer(number: int) -> int:
        turns.append(f"peer {number}")
        return -number

    figures = await alternate(2, ours, peer)

    assert turns == ["peer 0", "ours 0", "ours 1", "peer 1", "peer 2", "ours 2"]
    assert figures == ([1, 2], [-1, -2])


def test_the_table_names_what_is_missed() -> None:
    """A missed aim reads `no`, a figure without an aim has dashes."""
    lines = report.table([Figure("a", "s", 1.0, 2.0, 0.5, 0.7), Figure("b", "s", 1.0, 2.0, 0.5)]).splitlines()

    assert [line.split()[-1] for line in lines] == ["met", "no", "-"]


def _base_port() -> int:
    while True:
        # Below the range from which the system takes ports for outgoing connections.
        candidate = random.randrange(10_000, 32_000, _PORTS)
        if all(is_free(candidate + offset) for offset in range(_PORTS)):
            return candidate
