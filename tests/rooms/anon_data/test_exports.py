"""Results leave the house as a file when one asked and another approved; the file says so, and the log too."""

import secrets
from pathlib import Path

import pytest
from analysis import newest
from analysis.engine import Engine
from analysis.errors import ExportUnusable
from analysis.making import make_snapshot
from analysis.marks import digest_of, read_key, verify
from analysis.trends import Trend
from anon_data.analysts import Analysts
from protocol.messages.analysis import AskedQuestion
from protocol.messages.comparisons import AskedComparison, AskedTrend
from protocol.messages.exports import AskExport, DecideExport
from support.office import Colleague, Seat, staffed
from support.store_host import StoreHost, problem
from warifu.errors import HostRefused
from warifu.staff_analysis import AnalysisDesk

from .test_answers import ROWS
from .test_saved_reports import shelf

__all__ = ["shelf"]

EXPORTS = "/staff/analysis/exports"


def export(form: str = "csv") -> AskExport:
    return AskExport.model_validate(
        {
            "id": secrets.token_hex(16),
            "of": AskedQuestion(measure="smoking", by=("sex",), employer=True),
            "form": form,
            "purpose": "the harbour's health committee",
        }
    )


async def test_asked_approved_and_taken(host: StoreHost, shelf: Path) -> None:
    """What was asked leaves as it was answered then, with the names of both; a newer snapshot changes nothing."""
    analyst, office = Colleague("desk-1"), Colleague("desk-2", roles=("office",))
    await staffed(host, analyst, office)
    one, other = AnalysisDesk(Seat(host, analyst)), AnalysisDesk(Seat(host, office))
    asked = export("xlsx")
    trend = AskExport(
        id=secrets.token_hex(16), of=AskedComparison(of=AskedTrend(measure="smoking")), form="csv", purpose="the yearly report"
    )
    for wanted in (asked, asked, trend):
        assert (await one.ask_export(wanted)).state == "asked"
    engine = Engine(newest(shelf))
    sheet = Trend("smoking").told(engine).sheet()
    shown = await other.show_export(trend.id)
    make_snapshot(ROWS[:200], shelf, "2026-11")
    for wanted in (asked, trend):
        decided = await other.decide_export(wanted.id, approved=True)
    book, table = [await one.take_export(wanted.id) for wanted in (asked, trend)]
    again = await other.take_export(trend.id)
    log = {found.id: found for found in await other.exports()}
    definitions = digest_of(engine.snapshot.manifest.definitions)
    day = host.clock.now().date()

    assert (shown.head, shown.lines) == (sheet.head, sheet.lines)
    assert [line.split(',"export ')[0] for line in table.decode().splitlines()[1:]] == sheet.csv().splitlines()[1:]
    assert (verify(table, read_key(shelf)), table) == (
        f"export {trend.id}, asked by desk-1, approved by desk-2, {day}, snapshot 2026-10, definitions {definitions}",
        again,
    )
    assert verify(book, read_key(shelf)).startswith(f"export {asked.id}, asked by desk-1, approved by desk-2, ")
    assert (decided.state, decided.asked_by, decided.decided_by) == ("approved", "desk-1", "desk-2")
    assert set(log) == {asked.id, trend.id}
    assert (log[trend.id].of, log[trend.id].taken_by, log[trend.id].taken) == (trend.of, "desk-1", day)
    with pytest.raises(ExportUnusable):
        verify(table.replace(b"desk-2", b"desk-9"), read_key(shelf))


@pytest.mark.usefixtures("shelf")
async def test_nothing_leaves_by_one_person(host: StoreHost) -> None:
    """Whoever asked does not approve, with another passkey and role neither; until then, and when refused, there is no file."""
    analyst, office = Colleague("desk-1", roles=("analyst", "office")), Colleague("desk-2", roles=("office",))
    again, colleague = Colleague("desk-3", roles=("office",), subject=analyst.subject), Colleague("desk-4")
    await staffed(host, analyst, office, again, colleague)
    asked = export()
    await AnalysisDesk(Seat(host, analyst)).ask_export(asked)
    decision = DecideExport(id=asked.id, approved=True)
    answers = [await by.call(host, "POST", f"{EXPORTS}/decisions", message=decision) for by in (analyst, again, colleague)]
    files = [await analyst.call(host, "GET", f"{EXPORTS}/{asked.id}/file")]
    refused = await AnalysisDesk(Seat(host, office)).decide_export(asked.id, approved=False)
    files.append(await analyst.call(host, "GET", f"{EXPORTS}/{asked.id}/file"))
    later = await office.call(host, "POST", f"{EXPORTS}/decisions", message=decision)
    by_office = await office.call(host, "POST", EXPORTS, message=export())

    assert [problem(answer) for answer in answers] == [(409, "export-refused")] * 2 + [(403, "staff-role")]
    assert [answer.json().get("reason") for answer in answers] == ["alone", "alone", None]
    assert (refused.state, refused.taken) == ("refused", None)
    assert [answer.json()["reason"] for answer in (*files, later)] == ["not-approved", "not-approved", "decided"]
    assert problem(by_office) == (403, "staff-role")


@pytest.mark.usefixtures("shelf")
async def test_refused(host: StoreHost) -> None:
    """What cannot be asked cannot leave; an id is one export's; others of the staff read neither log nor file."""
    analyst, guide = Colleague("desk-1"), Colleague("desk-2", roles=("guidance",))
    await staffed(host, analyst, guide)
    desk = AnalysisDesk(Seat(host, analyst))
    asked = export()
    await desk.ask_export(asked)
    unknown = AskedQuestion(measure="smoking", cohort="mills:1")
    for wrong, kind in (({"of": unknown, "id": "0" * 32}, "question-refused"), ({"purpose": "another"}, "export-refused")):
        with pytest.raises(HostRefused, match=kind):
            await desk.ask_export(asked.model_copy(update=wrong))
    answers = [await guide.call(host, "GET", path) for path in (EXPORTS, f"{EXPORTS}/{asked.id}", f"{EXPORTS}/{asked.id}/file")]
    none = await analyst.call(host, "GET", f"{EXPORTS}/{'1' * 32}/file")

    assert {problem(answer) for answer in answers} == {(403, "staff-role")}
    assert (problem(none), none.json()["reason"]) == ((409, "export-refused"), "unknown")
    assert [found.id for found in await desk.exports()] == [asked.id]


@pytest.mark.usefixtures("shelf")
async def test_a_file_without_its_mark(host: StoreHost) -> None:
    """Where the snapshots are gone, and the key of watermarks with them, no file leaves; back again, it does."""
    analyst, office = Colleague("desk-1"), Colleague("desk-2", roles=("office",))
    await staffed(host, analyst, office)
    one, other = AnalysisDesk(Seat(host, analyst)), AnalysisDesk(Seat(host, office))
    asked = export()
    await one.ask_export(asked)
    await other.decide_export(asked.id, approved=True)
    there = host.app.state.analysts
    answers = []
    for gone in (Analysts(None), Analysts(Path("/nonexistent/snapshots"))):
        host.app.state.analysts = gone
        answers.append(problem(await analyst.call(host, "GET", f"{EXPORTS}/{asked.id}/file")))
    host.app.state.analysts = there

    assert answers == [(404, "no-snapshot")] * 2
    assert (await analyst.call(host, "GET", f"{EXPORTS}/{asked.id}/file")).status_code == 200


async def test_the_database_lets_nobody_do_both(host: StoreHost) -> None:
    """A row that one passkey asked and approved cannot be written."""
    with pytest.raises(Exception, match="analysis_export_two"):
        await host.rows(
            "INSERT INTO analysis_export VALUES "
            "($1, '', '', '2026-11', '', 'a', $2, '2026-11-01', 'approved', 'a', '2026-11-01', NULL, NULL)",
            bytes(16),
            bytes(32),
        )
