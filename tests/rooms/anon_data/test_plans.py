"""The office and analysts read plans' reviews at the host; employers' reports go by their floor; nobody else reads either."""

import shutil
from pathlib import Path

import pytest
from analysis import ANALYST, EMPLOYER, MemberYear, Question, newest
from analysis.engine import Engine
from analysis.making import make_snapshot
from anon_data.analysts import Analysts
from anon_data.plan_shelf import PlanShelf
from boundaries.repository import ROOT
from support.office import Colleague, Seat, staffed
from support.store_host import StoreHost, problem
from warifu.staff_plans import PlansDesk

EXAMPLES = ROOT / "libs" / "plans" / "examples"
REVIEW, MILL, KIOSK, NOWHERE = (
    f"/staff/plans/plan/{path}?year=2025&language=en"
    for path in ("review", "workplaces/mill", "workplaces/kiosk", "workplaces/nowhere")
)


def _person(number: int) -> MemberYear:
    smokes, workplace = "yes" if number % 3 else "no", "kiosk" if number < 40 else "mill"
    return MemberYear(number.to_bytes(2), 2025, 45, "male", "insured", workplace, {"smoking": smokes}, {"months": 12, "yen": 9e4})


@pytest.fixture
def folder(host: StoreHost, tmp_path: Path) -> Path:
    """Give the running host a snapshot and the example plan."""
    make_snapshot(map(_person, range(300)), tmp_path / "snapshots", "2026-10")
    (tmp_path / "plans").mkdir()
    for name in ("plan.toml", "plan.reference.toml"):
        shutil.copy(EXAMPLES / name, tmp_path / "plans")
    host.app.state.analysts = Analysts(tmp_path / "snapshots")
    host.app.state.plan_shelf = PlanShelf(tmp_path / "plans")
    return tmp_path


async def test_pages(host: StoreHost, folder: Path) -> None:
    """The office reads what analysis shows, under a policy that lets the page load nothing; small workplaces are none."""
    office = Colleague("desk-1", roles=("office",))
    await staffed(host, office)
    desk = PlansDesk(Seat(host, office))
    pages = [await office.call(host, "GET", path) for path in (REVIEW, MILL)]
    refused = [await office.call(host, "GET", path) for path in (KIOSK, NOWHERE)]
    answers = [
        Engine(newest(folder / "snapshots"), policy).ask(Question("smoking", 2025, (), where)).cells[0]
        for policy, where in ((ANALYST, ()), (EMPLOYER, (("workplace", "mill"),)))
    ]

    assert [(one.name, one.version) for one in await desk.plans()] == [("plan", 2)]
    assert await desk.review("plan", 2025, "en") == pages[0].text
    assert await desk.workplace_report("plan", "mill", 2025, "en") == pages[1].text
    assert [f"{answer.value}%" in page.text for answer, page in zip(answers, pages, strict=True)] == [True, True]
    assert ["fewer than 50 people" in page.text for page in pages] == [False, True]
    assert pages[0].headers["content-type"] == "text/html; charset=utf-8"
    assert pages[0].headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert [problem(answer) for answer in refused] == [(404, "no-workplace-report")] * 2
    assert refused[0].content == refused[1].content


async def test_refused(host: StoreHost, folder: Path) -> None:
    """Unknown plans and years, files with faults, and no snapshot are told apart; what stood in a file is not said."""
    analyst = Colleague("desk-1")
    await staffed(host, analyst)
    paths = (REVIEW.replace("/plan/", "/none/"), REVIEW.replace("2025", "2020"), REVIEW.replace("/plan/", "/plan.reference/"))
    answers = [problem(await analyst.call(host, "GET", path)) for path in paths]
    text = (folder / "plans" / "plan.toml").read_text(encoding="utf-8")
    (folder / "plans" / "plan.toml").write_text(text.replace("format = 1", 'format = "secret"'), encoding="utf-8")
    faulty = await analyst.call(host, "GET", REVIEW)
    (folder / "plans" / "plan.toml").write_text(text, encoding="utf-8")
    host.app.state.analysts = Analysts(None)
    answers.append(problem(await analyst.call(host, "GET", REVIEW)))

    assert answers == [(404, "plan-unknown"), (404, "plan-unknown"), (422, "malformed"), (404, "no-snapshot")]
    assert (problem(faulty), faulty.json()["faults"]) == (
        (409, "plan-unusable"),
        [{"field": "format", "reason": "Input should be 1"}],
    )


async def test_who_may_not(host: StoreHost, folder: Path) -> None:
    """A programme manager, a member, and anybody else read neither page."""
    assert folder.is_dir()
    manager, member = Colleague("desk-2", roles=("program-manager",)), await host.member()
    await staffed(host, manager)
    answers = [
        answer
        for path in (REVIEW, MILL)
        for answer in (
            await manager.call(host, "GET", path),
            await host.as_member(member, "GET", path),
            await host.client.get(path),
        )
    ]

    assert [problem(answer) for answer in answers] == [
        (403, "staff-role"),
        (401, "staff-token-refused"),
        (401, "staff-token-refused"),
    ] * 2
