"""Reports that analysts and the office keep: answered once of each snapshot, read in any form, or not kept at all."""

import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from analysis import EMPLOYER, Question, newest
from analysis.engine import Engine
from analysis.making import make_snapshot
from anon_data.analysts import Analysts
from anon_data.reports_command import REPORTS
from anon_data.use_cases.saved_reports import answer_reports
from chassis.config import ConfigError
from openpyxl import load_workbook
from protocol.messages.analysis import Condition
from protocol.messages.saved_reports import REPORTS as MOST
from protocol.messages.saved_reports import KeptQuestion, PutReport
from support.office import Colleague, Seat, staffed
from support.store_host import StoreHost, problem
from warifu.errors import HostRefused
from warifu.staff_analysis import ARROW, XLSX, AnalysisDesk

from .test_answers import ROWS

MONTHLY = PutReport(
    questions=(
        KeptQuestion(name="by-sex", measure="smoking", by=("sex",), where=(Condition(rung="relation", level="insured"),)),
        KeptQuestion(name="costs", measure="cost-per-month", year=2025),
    )
)


@pytest.fixture
def shelf(host: StoreHost, tmp_path: Path) -> Path:
    """Give the running host a folder of snapshots, and let it hold one."""
    make_snapshot(ROWS, tmp_path / "snapshots", "2026-10")
    host.app.state.analysts = Analysts(tmp_path / "snapshots")
    return tmp_path / "snapshots"


async def test_kept_and_answered(host: StoreHost, shelf: Path) -> None:
    """A report is answered when it is kept and once of each snapshot; any colleague reads it in every form, and forgets it."""
    analyst, office = Colleague("desk-1"), Colleague("desk-2", roles=("office",))
    await staffed(host, analyst, office)
    one, other = AnalysisDesk(Seat(host, analyst)), AnalysisDesk(Seat(host, office))
    saved = await one.save_report("monthly", MONTHLY)
    expected = Engine(newest(shelf)).ask(Question("smoking", None, ("sex",), (("relation", "insured"),)))
    make_snapshot(ROWS, shelf, "2026-11")
    tallies = [await answer_reports(host.app.state.db, host.app.state.analysts) for _ in range(2)]
    read = await other.report("monthly")
    result = await other.report_result("monthly", "2026-10")
    table = await other.report_table("monthly", "2026-10", "by-sex")
    book = load_workbook(io.BytesIO(await other.report_table("monthly", "2026-10", "by-sex", XLSX)))["table"]
    stream = pa.ipc.open_stream(await other.report_table("monthly", "2026-10", "by-sex", ARROW)).read_all()

    assert (saved.version, saved.saved_by, saved.months, saved.report) == (1, "desk-1", ("2026-10",), MONTHLY)
    assert [(tally.month, tally.answered, tally.refused) for tally in tallies] == [("2026-11", 1, ()), ("2026-11", 0, ())]
    assert (read.months, await one.reports()) == (("2026-11", "2026-10"), (read,))
    assert (result.version, result.refused, [one.name for one in result.answers]) == (1, None, ["by-sex", "costs"])
    assert result.definitions == newest(shelf).manifest.definitions
    assert table.decode() == expected.csv()
    assert next(book.iter_rows(values_only=True))[3:] == expected.sheet().head[3:]
    assert stream.column("people").to_pylist() == [cell.people for cell in expected.cells]
    await other.delete_report("monthly")
    for path in ("monthly", "monthly/results/2026-10", "monthly/results/2026-10/costs"):
        assert problem(await office.call(host, "GET", f"/staff/analysis/reports/{path}")) == (404, "report-unknown")


async def test_versions(host: StoreHost, shelf: Path) -> None:
    """The same questions again change nothing; others are the next version, and a result names the one it is of."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    desk = AnalysisDesk(Seat(host, analyst))
    versions = [(await desk.save_report("monthly", MONTHLY)).version for _ in range(2)]
    employer = MONTHLY.model_copy(update={"employer": True})
    changed = await desk.save_report("monthly", employer)
    result = await desk.report_result("monthly", "2026-10")
    shown = Engine(newest(shelf), EMPLOYER).ask(Question("smoking", None, ("sex",), (("relation", "insured"),)))

    assert (versions, changed.version, changed.report) == ([1, 1], 2, employer)
    assert (result.version, result.employer) == (2, True)
    assert [cell.people for cell in result.answers[0].answer.cells] == [cell.people for cell in shown.cells]


@pytest.mark.usefixtures("shelf")
async def test_all_or_nothing(host: StoreHost) -> None:
    """With a question that is refused, two of one name or without a snapshot nothing is kept."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    desk = AnalysisDesk(Seat(host, analyst))
    unknown = PutReport(questions=(*MONTHLY.questions, KeptQuestion(name="weight", measure="weight")))
    twice = PutReport(questions=MONTHLY.questions * 2)
    for asked, kind in ((unknown, "question-refused"), (twice, "report-refused")):
        with pytest.raises(HostRefused, match=kind):
            await desk.save_report("monthly", asked)
    host.app.state.analysts = Analysts(None)
    with pytest.raises(HostRefused, match="no-snapshot"):
        await desk.save_report("monthly", MONTHLY)

    assert await desk.reports() == ()


@pytest.mark.usefixtures("shelf")
async def test_there_is_a_limit(host: StoreHost) -> None:
    """Where there are as many reports as may be kept, one more is refused and leaves nothing; those that are there may change."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    await host.rows(
        "INSERT INTO saved_report SELECT 'report-' || n, 1, $1, 'desk-9', '2026-11-01' FROM generate_series(1, $2) AS n",
        MONTHLY.model_dump_json(),
        MOST,
    )
    answer = await analyst.call(host, "PUT", "/staff/analysis/reports/monthly", message=MONTHLY)
    employer = MONTHLY.model_copy(update={"employer": True})
    changed = await AnalysisDesk(Seat(host, analyst)).save_report("report-1", employer)
    counts = [(await host.rows(f"SELECT count(*) FROM {table}"))[0][0] for table in ("saved_report", "report_result")]

    assert (problem(answer), answer.json()["reason"]) == ((409, "report-refused"), "too-many")
    assert (changed.version, counts) == (2, [MOST, 1])


@pytest.mark.usefixtures("shelf")
async def test_what_a_report_does_not_have(host: StoreHost) -> None:
    """Another report, a month without a result and a question that is none of the report's are not there."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    await AnalysisDesk(Seat(host, analyst)).save_report("monthly", MONTHLY)
    paths = ("yearly", "yearly/results/2026-10", "monthly/results/2026-09", "monthly/results/2026-10/weight")
    answers = [await analyst.call(host, "GET", f"/staff/analysis/reports/{path}") for path in paths]
    forgotten = await analyst.call(host, "DELETE", "/staff/analysis/reports/yearly")

    assert [problem(answer) for answer in (*answers, forgotten)] == [(404, "report-unknown")] * 5


async def test_what_can_no_longer_be_asked(host: StoreHost, shelf: Path) -> None:
    """Of a snapshot without the year of a question the report has no answers, and says why."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    desk = AnalysisDesk(Seat(host, analyst))
    await desk.save_report("monthly", MONTHLY)
    make_snapshot([replace(row, fiscal_year=2026) for row in ROWS], shelf, "2026-11")
    tally = await answer_reports(host.app.state.db, host.app.state.analysts)
    result = await desk.report_result("monthly", "2026-11")

    assert (tally.answered, tally.refused, result.refused, result.answers) == (0, ("monthly",), "unknown-year", ())


async def test_the_command(host: StoreHost, shelf: Path) -> None:
    """The operator's command answers what is not answered yet; without a folder of snapshots it says so."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    await AnalysisDesk(Seat(host, analyst)).save_report("monthly", MONTHLY)
    make_snapshot(ROWS, shelf, "2026-11")
    config = host.app.state.config
    with pytest.raises(ConfigError, match="no snapshot"):
        await REPORTS.run(config)

    assert await REPORTS.run(config.model_copy(update={"snapshots": shelf})) == (
        "anon-data: 1 saved reports were answered of 2026-11"
    )


async def test_who_may_not(host: StoreHost) -> None:
    """Those who guide, a programme manager and a member neither keep nor read reports."""
    guide, manager = Colleague("desk-1", roles=("guidance",)), Colleague("desk-2", roles=("program-manager",))
    await staffed(host, guide, manager)
    member = await host.member()
    path = "/staff/analysis/reports"
    answers = [
        await guide.call(host, "GET", path),
        await manager.call(host, "PUT", f"{path}/monthly", message=MONTHLY),
        await host.as_member(member, "GET", path),
    ]

    assert [problem(answer) for answer in answers] == [(403, "staff-role")] * 2 + [(401, "staff-token-refused")]
