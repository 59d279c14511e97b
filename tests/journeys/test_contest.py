"""A walking contest from the insurer's roster to a corrected result: real processes, real devices, two of them one member's."""

import asyncio
import secrets
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from io import StringIO
from pathlib import Path

import asyncpg
import warifu
from journeys.insurer import desk, people
from journeys.test_member import signed_in
from local import colleagues
from local.system import System
from protocol.deployment import Deployment
from protocol.encoding import b64u
from protocol.messages.contests import Contest
from protocol.messages.reviews import Adjust
from registrar.units import Published, publish_units
from rich.console import Console
from warifu import step_days
from warifu.cli.shell import Shell
from warifu.cli.words import Words

JAPAN = timedelta(hours=9)
TODAY = (datetime.now(UTC) + JAPAN).date()
FIRST, LAST = TODAY - timedelta(days=10), TODAY - timedelta(days=4)
WALKERS = range(12, 16)


def contest() -> Contest:
    """Return a contest that can still be entered; it is moved into the past once everybody has walked."""
    return Contest(
        id=secrets.token_bytes(16),
        title="春の歩活 (架空)",
        teams="units",
        enter_from=FIRST,
        enter_until=TODAY,
        first=FIRST,
        last=TODAY,
        stages=({"name": "日本橋", "metres": 1}, {"name": "品川", "metres": 7_900}),
    )


def walked(number: int, day: date) -> int:
    """Return a member's steps of a day, more than the cap on some."""
    return (number * 3571 + day.toordinal() * 907) % 39_000


def _table(system: System, folder: Path) -> Path:
    """Write two departments: everybody with an even place in the insurer's file is in the first."""
    insured = [row for row in people(system) if row.work_id]
    lines = [
        f"{row.member.symbol},{row.member.number},{row.member.branch},本社/{'第一' if at % 2 == 0 else '第二'}"
        for at, row in enumerate(insured)
    ]
    path = folder / "units.csv"
    path.write_text("\n".join(["記号,番号,枝番,所属", *lines]) + "\n", encoding="utf-8")
    return path


async def _sync(system: System, number: int, one: Contest) -> bytes | None:
    """Enter, write the telephone's days, and let a watch write after log-off; return the member's team."""
    days = [FIRST + timedelta(days=at) for at in range((LAST - FIRST).days + 1)]
    async with signed_in(system, number) as session:
        await session.enter_contest(one.id, nickname=f"歩く人{number}")
        results = await session.put_steps([warifu.DaySteps(day, walked(number, day)) for day in days])
        watch = await session.register_installation()
        (own,) = await session.own_contests()
        await session.log_off()
    aggregates = [
        {"startTime": f"{day}T00:00:00", "endTime": f"{day + timedelta(days=1)}T00:00:00", "result": {"STEPS_COUNT_TOTAL": 777}}
        for day in days
    ]
    kept = warifu.Installation.load(watch.dump())
    written = await kept.put_steps(Deployment.load(system.deployment_path), step_days.health_connect(aggregates))
    assert {result.result for result in (*results, *written.results)} == {"applied"}
    return own.team


async def _typed(session: warifu.MemberSession, *commands: str) -> str:
    """Return what a member is shown who types these commands in Japanese; the last one is refused."""
    shown = StringIO()

    async def proving() -> warifu.Way:
        raise AssertionError("nothing here is proved anew")

    shell = Shell(session, Console(file=shown, width=120), Words("ja"), lambda: TODAY, proving=proving)
    assert [await shell.command(command) for command in commands] == [True] * (len(commands) - 1) + [False]
    return shown.getvalue()


async def _days_pass(system: System, one: Contest) -> None:
    """Stand in for the days after the contest: its owner's clock is the machine's."""
    connection = await asyncpg.connect(system.owner_urls["programs"])
    try:
        await connection.execute("UPDATE contest SET last = $2, enter_until = $2 WHERE id = $1", one.id, LAST)
        async with asyncio.timeout(60):
            while not await connection.fetchval("SELECT frozen FROM contest WHERE id = $1", one.id):
                await asyncio.sleep(0.2)
    finally:
        await connection.close()


DAYS = [FIRST + timedelta(days=at) for at in range((LAST - FIRST).days + 1)]


def _steps(walkers: list[int]) -> int:
    """Return what counts by brute force: the larger of telephone and watch, capped."""
    return sum(min(30_000, max(777, walked(number, day))) for number in walkers for day in DAYS)


def _score(members: int, walkers: list[int]) -> int:
    """Return a team's average to the nearest ten, with zeros for everybody who did not walk."""
    return int(Fraction(_steps(walkers), members * len(DAYS) * 10) + Fraction(1, 2)) * 10


async def test_a_contest(system: System, tmp_path: Path) -> None:
    """Roster, contest, entries, two devices, a frozen result that equals a count by hand, and a correction that all can see."""
    one = contest()
    await colleagues.hire(system)
    published: Published = await publish_units(desk(system), FIRST, _table(system, tmp_path))
    sizes = {unit.id: unit.members for unit in published.units}
    async with colleagues.working(system.layout, colleagues.MANAGER) as manager:
        await manager.name_units({unit.id: " ".join(unit.path) for unit in published.units})
        await manager.put_contest(one)
        teams: dict[bytes, list[int]] = defaultdict(list)
        for number in WALKERS:
            teams[await _sync(system, number, one) or b""].append(number)
        await _days_pass(system, one)
        participation = await manager.participation(one.id)
        async with signed_in(system, WALKERS[0]) as session:
            pooled = await session.own_ranking(one.id)
            mates = await session.teammates(one.id)
            shown = await _typed(session, "contests", "ranking 1", "team 1", "leave 1")
            team = next(team for team, numbers in teams.items() if WALKERS[0] in numbers)
            reason = "届いた記録の訂正 (架空)"
            await manager.adjust(Adjust(contest=one.id, id=secrets.token_bytes(16), team=team, steps=5_000_000, reason=reason))
            corrected = await session.own_ranking(one.id)
            await session.log_off()
        (kept,) = await manager.adjustments(one.id)
    connection = await asyncpg.connect(system.owner_urls["programs"])
    totals = await connection.fetch("SELECT team, sum(steps) AS steps FROM team_day WHERE contest = $1 GROUP BY team", one.id)
    queue = await connection.fetchval("SELECT count(*) FROM step_change")
    await connection.close()
    scores = {unit: _score(members, teams.get(unit, [])) for unit, members in sizes.items()}
    order = sorted(scores, key=lambda unit: -scores[unit])

    by_team = {row["team"]: row["steps"] for row in totals if row["steps"]}

    assert by_team == {unit: _steps(numbers) for unit, numbers in teams.items()}
    # Two walkers a team are too few for a number; their order says who is ahead.
    assert pooled.page is not None
    assert (pooled.page.final, pooled.page.league) == (True, 0)
    assert [b64u(row.team) for row in pooled.page.rows] == [b64u(unit) for unit in order]
    assert pooled.own is not None
    assert pooled.participation is not None
    assert (pooled.own.place, pooled.own.score) == (1 + order.index(team), None)
    assert pooled.participation.active == len(teams[team])
    assert set(mates) == {f"歩く人{number}" for number in teams[team]}
    assert {each.team: each.eligible for each in participation} == sizes
    assert corrected.own is not None
    assert (corrected.own.place, corrected.own.corrected) == (1, True)
    assert (kept.made_by, kept.after, kept.before) == ("manager-1", 5_000_000, by_team[team])
    assert queue == 0
    said = ("春の歩活 (架空)", "参加中", f"参加 {len(teams[team])} 人", "で 50 %", f"歩く人{WALKERS[0]}", "今はできません")
    assert [text in shown for text in said] == [True] * len(said)
