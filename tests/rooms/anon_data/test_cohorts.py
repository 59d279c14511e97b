"""Cohorts at the host: an analyst registers, the office approves; one that may not be asked looks like one that never was."""

from dataclasses import replace
from pathlib import Path

import pytest
from analysis import Question, newest
from analysis.cohorts import Cohort
from analysis.engine import Engine
from analysis.making import make_snapshot
from anon_data.analysts import Analysts
from protocol.messages.analysis import AskedQuestion
from protocol.messages.cohorts import COHORTS as MOST
from protocol.messages.cohorts import CohortList, DecideCohort, RegisterCohort
from protocol.messages.saved_reports import KeptQuestion, PutReport
from support.office import Colleague, Seat, staffed
from support.store_host import StoreHost, problem
from warifu.errors import HostRefused
from warifu.staff_analysis import AnalysisDesk

from .test_answers import ANSWERS, ROWS, TABLES

COHORTS = "/staff/analysis/cohorts"
MILLS = RegisterCohort(
    name="mills", among=(CohortList(rung="workplace", levels=("works-1", "works-2")),), purpose="a campaign at both mills"
)
BOTH = Cohort("mills:1", (("workplace", ("works-1", "works-2")),))


def also(*workplaces: str) -> RegisterCohort:
    return MILLS.model_copy(update={"among": (CohortList(rung="workplace", levels=("works-1", *workplaces)),)})


@pytest.fixture
def shelf(host: StoreHost, tmp_path: Path) -> Path:
    """Give the running host a folder of snapshots, and let it hold one with two workplaces."""
    other = [replace(row, workplace="works-2", person=b"2" + row.person) for row in ROWS]
    make_snapshot([*ROWS, *other], tmp_path / "snapshots", "2026-10")
    host.app.state.analysts = Analysts(tmp_path / "snapshots")
    return tmp_path / "snapshots"


async def test_asked_once_approved(host: StoreHost, shelf: Path) -> None:
    """A cohort is asked by its name and version once the office approved it, in reports too; its next version is another."""
    analyst, office = Colleague("desk-1"), Colleague("desk-2", roles=("office",))
    await staffed(host, analyst, office)
    one, other = AnalysisDesk(Seat(host, analyst)), AnalysisDesk(Seat(host, office))
    registered = [await one.register_cohort(MILLS) for _ in range(2)]
    decided = [await other.decide_cohort("mills:1", approved=True) for _ in range(2)]
    second = await one.register_cohort(also("works-3"))
    answer = await analyst.call(host, "POST", ANSWERS, message=AskedQuestion(measure="smoking", cohort="mills:1"))
    expected = Engine(newest(shelf)).ask(Question("smoking", cohort=BOTH))
    report = PutReport(questions=(KeptQuestion(name="mills", measure="smoking", cohort="mills:1"),))
    saved = await other.save_report("mills", report)
    table = await other.report_table("mills", saved.months[0], "mills")
    beside = AskedQuestion(measure="smoking", cohort="mills:1", by=("sex",))

    assert [(found.cohort, found.state, found.registered_by) for found in registered] == [("mills:1", "proposed", "desk-1")] * 2
    assert [(found.state, found.decided_by, found.among) for found in decided] == [("approved", "desk-2", MILLS.among)] * 2
    assert [(found.cohort, found.state) for found in await other.cohorts()] == [("mills:2", "proposed"), ("mills:1", "approved")]
    assert second.cohort == "mills:2"
    assert (answer.json()["cohort"], answer.json()["cells"][0]["people"]) == ("mills:1", expected.cells[0].people)
    assert table.decode() == expected.csv()
    assert (await analyst.call(host, "POST", ANSWERS, message=beside)).json()["reason"] == "cohort-alone"
    with pytest.raises(HostRefused, match="cohort-refused"):
        await other.decide_cohort("mills:1", approved=False)


@pytest.mark.usefixtures("shelf")
async def test_not_asked(host: StoreHost) -> None:
    """One that waits, one that was refused, and one that never was are the same answer, byte for byte, whatever else is asked."""
    analyst, office = Colleague("desk-1"), Colleague("desk-2", roles=("office",))
    await staffed(host, analyst, office)
    one, other = AnalysisDesk(Seat(host, analyst)), AnalysisDesk(Seat(host, office))
    for asked in (MILLS, also("works-3")):
        await one.register_cohort(asked)
    await other.decide_cohort("mills:2", approved=False)
    questions = [
        AskedQuestion(measure=measure, cohort=name, by=by)
        for name in ("mills:1", "mills:2", "mills:3", "none:1")
        for measure, by in (("smoking", ()), ("weight", ()), ("smoking", ("sex",)))
    ]
    answers = [await analyst.call(host, "POST", path, message=question) for question in questions for path in (ANSWERS, TABLES)]
    kept = []
    for name in ("mills:1", "mills:2", "none:1"):
        report = PutReport(questions=(KeptQuestion(name="mills", measure="smoking", cohort=name),))
        kept.append(await analyst.call(host, "PUT", "/staff/analysis/reports/mills", message=report))

    assert {(answer.status_code, answer.content) for answer in [*answers, *kept]} == {(400, answers[0].content)}
    assert (problem(answers[0]), answers[0].json()["reason"]) == ((400, "question-refused"), "unknown-cohort")
    assert len({tuple(answer.headers) for answer in answers}) == 1


async def test_two_people(host: StoreHost) -> None:
    """Whoever registered a cohort does not approve it, with another passkey and role neither; nor does an analyst or a manager."""
    analyst, office = Colleague("desk-1", roles=("analyst", "office")), Colleague("desk-2", roles=("office",))
    again, colleague = Colleague("desk-3", roles=("office",), subject=analyst.subject), Colleague("desk-4")
    await staffed(host, analyst, office, again, colleague)
    await AnalysisDesk(Seat(host, analyst)).register_cohort(MILLS)
    decision = DecideCohort(cohort="mills:1", approved=True)
    answers = [await by.call(host, "POST", f"{COHORTS}/decisions", message=decision) for by in (analyst, again, colleague)]
    registered = await office.call(host, "POST", COHORTS, message=MILLS)
    states = [found.state for found in await AnalysisDesk(Seat(host, office)).cohorts()]

    assert [problem(answer) for answer in answers] == [(409, "cohort-refused"), (409, "cohort-refused"), (403, "staff-role")]
    assert [answer.json().get("reason") for answer in answers] == ["alone", "alone", None]
    assert (problem(registered), states) == ((403, "staff-role"), ["proposed"])


async def test_refused(host: StoreHost) -> None:
    """What is no cohort is refused when it is registered, and one too many over the same people also when it is decided."""
    analyst, office = Colleague("desk-1"), Colleague("desk-2", roles=("office",))
    await staffed(host, analyst, office)
    one, other = AnalysisDesk(Seat(host, analyst)), AnalysisDesk(Seat(host, office))
    for number in range(2, 6):
        await one.register_cohort(also(f"works-{number}"))
    for version in range(1, 4):
        await other.decide_cohort(f"mills:{version}", approved=True)
    own = MILLS.model_copy(update={"among": (CohortList(rung="smoking", levels=("yes", "no")),)})
    answers = [
        await analyst.call(host, "POST", COHORTS, message=asked)
        for asked in (own, also("works-9"), also("works-2").model_copy(update={"name": "others"}))
    ]
    decisions = [
        await office.call(host, "POST", f"{COHORTS}/decisions", message=DecideCohort(cohort=name, approved=True))
        for name in ("mills:4", "none:1")
    ]

    assert [answer.json()["reason"] for answer in answers] == ["not-a-population", "overlaps", "known"]
    assert [answer.json()["reason"] for answer in decisions] == ["overlaps", "unknown"]
    assert {problem(answer) for answer in [*answers, *decisions]} == {(409, "cohort-refused")}


async def test_there_is_a_limit(host: StoreHost) -> None:
    """Where there are as many definitions as may be kept, the newest is still answered again, and no other is written down."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    await host.rows(
        "INSERT INTO cohort SELECT 'mills', n, $1, 'desk-9', $2, '2026-11-01', 'proposed', NULL, NULL"
        " FROM generate_series(1, $3) AS n",
        MILLS.model_dump_json(),
        bytes(32),
        MOST,
    )
    again = await analyst.call(host, "POST", COHORTS, message=MILLS)
    other = MILLS.model_copy(update={"name": "others"})
    answers = [await analyst.call(host, "POST", COHORTS, message=asked) for asked in (also("works-3"), other)]

    assert again.json()["cohort"] == f"mills:{MOST}"
    assert [(problem(answer), answer.json()["reason"]) for answer in answers] == [((409, "cohort-refused"), "too-many")] * 2
    assert (await host.rows("SELECT count(*) FROM cohort"))[0][0] == MOST
