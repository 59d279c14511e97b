"""Analysts ask the newest snapshot through the host, and nobody else does."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from analysis import MemberYear, Question, newest
from analysis.engine import Engine
from analysis.making import make_snapshot
from analysis.trends import Trend
from anon_data.analysts import Analysts
from openpyxl import load_workbook
from protocol.messages.analysis import AskedQuestion, Condition
from protocol.messages.comparisons import AskedComparison, AskedTrend
from support.office import Colleague, Seat, staffed
from support.store_host import StoreHost, problem
from warifu.errors import HostRefused
from warifu.staff_analysis import AnalysisDesk

ANSWERS, TABLES, CATALOGUE = (f"/staff/analysis/{name}" for name in ("answers", "tables", "catalogue"))


def _person(number: int) -> MemberYear:
    smokes = "yes" if number % 3 else "no"
    return MemberYear(number.to_bytes(2), 2025, 45, "male" if number % 2 else "female", "insured", "works-1", {"smoking": smokes})


ROWS = [_person(number) for number in range(240)]


@pytest.fixture
def shelf(host: StoreHost, tmp_path: Path) -> Path:
    """Give the running host a folder of snapshots, and let it hold one."""
    make_snapshot(ROWS, tmp_path / "snapshots", "2026-10")
    host.app.state.analysts = Analysts(tmp_path / "snapshots")
    return tmp_path / "snapshots"


async def asked(host: StoreHost, colleague: Colleague, path: str, question: AskedQuestion) -> Any:
    return await colleague.call(host, "POST", path, message=question)


async def test_an_answer(host: StoreHost, shelf: Path) -> None:
    """The host says what the engine says, as JSON and as a table, and all that can be asked."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    question = AskedQuestion(measure="smoking", year=2025, by=("sex",), where=(Condition(rung="age:stage", level="40-64"),))
    expected = Engine(newest(shelf)).ask(Question("smoking", 2025, ("sex",), (("age:stage", "40-64"),)))
    answer = await asked(host, analyst, ANSWERS, question)
    table = await asked(host, analyst, TABLES, question)
    catalogue = await analyst.call(host, "GET", CATALOGUE)

    cells = answer.json()["cells"]

    assert answer.status_code == 200, answer.text
    assert [{**cell, "levels": tuple(cell["levels"])} for cell in cells] == [cell._asdict() for cell in expected.cells]
    assert answer.json()["where"] == [{"rung": "age:stage", "level": "40-64"}]
    assert (table.headers["content-type"], table.text) == ("text/csv; charset=utf-8", expected.csv())
    assert {"smoking", "cost-per-month"} <= {measure["name"] for measure in catalogue.json()["measures"]}


async def test_an_answer_for_notebooks(host: StoreHost, shelf: Path) -> None:
    """Whoever accepts Apache Arrow gets the table in it, with numbers as numbers; whoever accepts anything gets CSV."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    question = AskedQuestion(measure="smoking", year=2025, by=("sex",))
    cells = Engine(newest(shelf)).ask(Question("smoking", 2025, ("sex",))).cells
    answers = [
        await analyst.call(
            host, "POST", TABLES, message=question, headers={**analyst.headers(host, "POST", TABLES), "Accept": form}
        )
        for form in ("application/vnd.apache.arrow.stream, text/csv;q=0.5", "*/*")
    ]
    table = pa.ipc.open_stream(answers[0].content).read_all()

    assert [answer.headers["content-type"].partition(";")[0] for answer in answers] == [
        "application/vnd.apache.arrow.stream",
        "text/csv",
    ]
    assert {answer.headers["vary"] for answer in answers} == {"Accept"}
    assert table.column_names == answers[1].text.partition("\r\n")[0].split(",")
    assert [(row["sex:sex"], row["people"], row["counted"], row["value"], row["mark"]) for row in table.to_pylist()] == [
        (*cell.levels, cell.people, cell.counted, cell.value, cell.mark) for cell in cells
    ]


async def test_a_workbook(host: StoreHost, shelf: Path) -> None:
    """Whoever asks for a workbook gets what CSV says in one, of an answer and of a comparison with its notes."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    desk = AnalysisDesk(Seat(host, analyst))
    engine = Engine(newest(shelf))
    answer = await desk.ask_xlsx(AskedQuestion(measure="smoking", by=("sex",)))
    trend = await desk.compare_xlsx(AskedComparison(of=AskedTrend(measure="smoking", by=("sex",))))
    said = [list(load_workbook(io.BytesIO(content))["table"].iter_rows(values_only=True)) for content in (answer, trend)]
    sheets = [engine.ask(Question("smoking", None, ("sex",))).sheet(), Trend("smoking", ("sex",)).told(engine).sheet()]

    assert said == [[sheet.head, *(tuple(entry or None for entry in line) for line in sheet.lines)] for sheet in sheets]
    with pytest.raises(HostRefused, match="question-refused"):
        await desk.ask_xlsx(AskedQuestion(measure="weight"))


async def test_fifty_for_employers(host: StoreHost, shelf: Path) -> None:
    """What is for an employer's eyes has the higher floor."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    make_snapshot(ROWS[:30], shelf, "2026-11")
    questions = [AskedQuestion(measure="smoking", employer=employer) for employer in (False, True)]
    cells = [(await asked(host, analyst, ANSWERS, question)).json()["cells"][0] for question in questions]
    shown = [cell["people"] is None for cell in cells]

    assert shown == [False, True]


async def test_a_newer_snapshot_is_asked(host: StoreHost, shelf: Path) -> None:
    """The newest snapshot answers as soon as it is there; the one before is refused."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    question = AskedQuestion(measure="smoking", snapshot="2026-10")
    before = await asked(host, analyst, ANSWERS, question)
    make_snapshot(ROWS, shelf, "2026-11")
    after = await asked(host, analyst, ANSWERS, question)
    newer = await asked(host, analyst, ANSWERS, AskedQuestion(measure="smoking"))

    assert (before.json()["snapshot"], newer.json()["snapshot"]) == ("2026-10", "2026-11")
    assert after.json() == {"type": "question-refused", "title": "This cannot be asked", "status": 400, "reason": "stale-snapshot"}


@pytest.mark.usefixtures("shelf")
async def test_refused(host: StoreHost) -> None:
    """Refusals say which rule, and nothing of what was asked; without a snapshot there is no answer."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    questions = [
        AskedQuestion(measure="weight"),
        AskedQuestion(measure="smoking", by=("age", "sex", "relation", "workplace")),
        AskedQuestion(measure="smoking", where=(Condition(rung="sex", level="other"),)),
    ]
    refused = [await asked(host, analyst, ANSWERS, question) for question in questions]
    rare = await asked(host, analyst, ANSWERS, AskedQuestion(measure="smoking", where=(Condition(rung="workplace", level="rare"),)))
    host.app.state.analysts = Analysts(None)
    none = await asked(host, analyst, ANSWERS, questions[0])

    assert [answer.json()["reason"] for answer in refused] == ["unknown-measure", "too-many-variables", "unknown-level"]
    assert (rare.status_code, {cell["mark"] for cell in rare.json()["cells"]}) == (200, {"hidden"})
    assert problem(none) == (404, "no-snapshot")


async def test_nothing_by_the_bytes(host: StoreHost, shelf: Path) -> None:
    """A workplace of nine, one that everybody withdrew from, and one that never was have the same answer, byte by byte.

    So have refusals over one population and another.
    """
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    names = ("rare", "left", "none")
    questions = [AskedQuestion(measure="smoking", where=(Condition(rung="workplace", level=name),), by=("sex",)) for name in names]
    refused = [
        AskedQuestion(measure="weight"),
        AskedQuestion(measure="smoking", by=("age", "sex", "relation", "workplace")),
        AskedQuestion(measure="smoking", where=(Condition(rung="sex", level="rare"),)),
        AskedQuestion(measure="smoking", year=1999),
        AskedQuestion(measure="smoking", snapshot="2026-09"),
    ]
    said: list[list[bytes]] = []
    rare, left = ([replace(row, workplace=name, person=name.encode() + row.person) for row in ROWS] for name in names[:2])
    for month, rows in (("2026-11", [*ROWS, *left]), ("2026-12", [*ROWS, *rare[:9]])):
        make_snapshot(rows, shelf, month)
        said.append([(await asked(host, analyst, ANSWERS, question)).content for question in refused])
    answers = [await asked(host, analyst, form, question) for form in (ANSWERS, TABLES) for question in questions]
    blank = [answer.content.replace(name.encode(), b"") for answer, name in zip(answers, names * 2, strict=True)]

    assert said[0] == said[1]
    assert [len(set(blank[:3])), len(set(blank[3:]))] == [1, 1]
    assert {answer.status_code for answer in answers} == {200}


async def test_who_may_not(host: StoreHost, shelf: Path) -> None:
    """The office, a programme manager, a member's reader key, and anybody else are told nothing."""
    assert shelf.is_dir()
    question = AskedQuestion(measure="smoking")
    office, manager = Colleague("desk-2", roles=("office",)), Colleague("desk-3", roles=("program-manager",))
    await staffed(host, office, manager)
    member = await host.member()
    answers = [
        await asked(host, office, ANSWERS, question),
        await asked(host, manager, TABLES, question),
        await office.call(host, "GET", CATALOGUE),
        await host.as_member(member, "POST", ANSWERS, question),
        await host.client.post(ANSWERS, content=question.model_dump_json(), headers={"Content-Type": "application/json"}),
    ]

    assert [problem(answer) for answer in answers] == [
        *[(403, "staff-role")] * 3,
        *[(401, "staff-token-refused")] * 2,
    ]
