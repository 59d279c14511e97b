"""An insurer walks for four weeks: the published result is what counting by hand gives."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from programs.use_cases.contests import put_contest
from programs.use_cases.recount import recount_contests
from programs.use_cases.reviews import decide_held, list_held
from protocol.encoding import unb64u
from protocol.messages.contests import EnterContest, LeaveContest
from protocol.messages.point_rules import GrantPoints, Rule, Tier
from protocol.messages.rankings import PAGE_ROWS
from protocol.messages.reviews import DecideHeld
from protocol.messages.steps import PutStepDays, StepDay
from rooms.programs.walking import contest, counted, published, put_roster, ranking
from staff import StaffCall
from support.office import Colleague, staffed
from support.postgres import ThrowawayCluster
from support.store_host import NOW, Member, StoreHost

from simulation.killable import Killable, killable
from simulation.walkers import PHONE, WATCH, Walk, Walker, scores

WALKERS = int(os.environ.get("WARIFU_WALKERS", "120"))
UNITS = [number.to_bytes(16, "big") for number in range(1, 1 + max(3, WALKERS // 30))]
AT_ONCE = 16
EXTRA_KILLS = (5, 12, 20, 24) if WALKERS > 120 else ()
"""Days on which the process dies once more, where there is time for it."""
SEED = int(os.environ.get("WARIFU_SEED", "20261120"))
FIRST = NOW.date()
ONE = contest(first=FIRST, last=FIRST + timedelta(days=27), enter_from=FIRST, enter_until=FIRST + timedelta(days=27))


@pytest.fixture
def own_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThrowawayCluster]:
    """Start a cluster that writes to the disk before it acknowledges, to be killed."""
    cluster = ThrowawayCluster(tmp_path_factory.mktemp("walked"), {"fsync": "on"})
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def _walker(member: Member, unit: bytes, chance: random.Random) -> Walker:
    return Walker(
        member,
        [(FIRST, unit)],
        timedelta(hours=chance.choice([9, 9, 9, 9, 14, -11, 0])),
        (PHONE, WATCH) if chance.random() < 0.3 else (PHONE,),
        cheats=chance.random() < 0.05,
        # The last unit loses nearly everybody, so that it ends among those whose numbers are not told.
        leaves=FIRST + timedelta(days=chance.randrange(3, 26)) if chance.random() < (0.9 if unit == UNITS[-1] else 0.08) else None,
    )


async def _enter(there: Killable, walk: Walk) -> None:
    """Let everybody take part."""
    turns, message = asyncio.Semaphore(AT_ONCE), EnterContest(contest=ONE.id)

    async def enter(member: Member) -> None:
        async with turns:
            assert (await there.delivered(member, "PUT", "/me/contests", message)).status_code == 204

    await asyncio.gather(*(enter(walker.member) for walker in walk.walkers))


async def _sync(there: Killable, walk: Walk, accident: Callable[[], Awaitable[None]] | None = None) -> None:
    """Let whoever is due write, some of them twice, and note what has arrived; half-way the accident happens."""
    due = list(walk.due(there.host.clock.now()))
    turns, acknowledged, half = asyncio.Semaphore(AT_ONCE), 0, asyncio.Event()

    async def write(walker: Walker, device: bytes, days: list[tuple[date, int]], times: int, seq: int) -> None:
        nonlocal acknowledged
        items = tuple(StepDay(day=day, steps=steps, seq=seq) for day, steps in days)
        async with turns:
            for _ in range(times):
                message = PutStepDays(install=device, items=items)
                answer = await there.delivered(walker.member, "PUT", "/me/step-days", message)
                assert answer.status_code == 200, answer.text
                assert {result["result"] for result in answer.json()["results"]} <= {"applied", "unchanged"}
                walker.arrived.update({(device, day): steps for day, steps in days})
        acknowledged += 1
        if 2 * acknowledged >= len(due):
            half.set()

    async def happen() -> None:
        await half.wait()
        assert accident is not None
        await accident()
        await _nothing_is_lost(there.host, walk)

    writes = []
    for walker, device, days in due:
        walker.seq += 1
        writes.append(write(walker, device, days, 1 + (walk.chance.random() < 0.1), walker.seq))
    await asyncio.gather(*writes, *([happen()] if accident and due else []))


async def _nothing_is_lost(host: StoreHost, walk: Walk) -> None:
    """Every total whose writing was acknowledged is there."""
    known = {(walker.member.token, *key): steps for walker in walk.walkers for key, steps in walker.arrived.items()}
    rows = await host.rows(
        "SELECT token, install, day, steps FROM step_day_inbox UNION ALL SELECT f.token, f.install, f.day, f.steps FROM step_day f "
        "LEFT JOIN step_day_inbox i USING (token, install, day) WHERE i.token IS NULL"
    )
    stored = {(row["token"], row["install"], row["day"]): row["steps"] for row in rows}
    # What is on its way may be there already without having been acknowledged: today's total grows, the others are the same.
    assert [key for key, steps in known.items() if stored.get(key, -1) < steps] == []


async def _paid(there: Killable, walk: Walk) -> None:
    """Grant points by a run whose process is killed under way, once more and once again: everybody has theirs once."""
    host, office = there.host, Colleague("desk-1", roles=("program-manager",))
    await staffed(host, office)
    tiers = (Tier(at=10, points=100), Tier(at=20, points=300))
    about = {"title_ja": "よく歩いた日 (架空)", "title_en": "Days with a walk", "budget": 300 * WALKERS, "lasts_days": 365}
    rule = Rule(metric="active-days", steps=8_000, tiers=tiers, **about)
    assert (await office.call(host, "PUT", "/staff/point-rules/walk/1", message=rule)).status_code == 201
    asked = GrantPoints(rule="walk", first=ONE.first, last=ONE.last)
    running = asyncio.create_task(office.call(host, "POST", "/staff/point-runs", message=asked))
    await asyncio.sleep(0.05)
    await there.kill_service()
    await asyncio.gather(running, return_exceptions=True)
    for _ in range(2):
        answer = await office.call(host, "POST", "/staff/point-runs", message=asked)
        assert answer.status_code == 200, answer.text
    granted = await host.rows("SELECT token, sum(amount)::integer AS points, count(*) AS times FROM point_entries GROUP BY token")
    (books,) = await host.rows("SELECT coalesce(sum(amount), 0) AS sum FROM ledger_posting")
    expected = {one.member.token: (one.paid(ONE.first, ONE.last), 1) for one in walk.walkers if one.paid(ONE.first, ONE.last)}

    assert {row["token"]: (row["points"], row["times"]) for row in granted} == expected
    assert books["sum"] == 0


async def _change_units(host: StoreHost, walk: Walk) -> None:
    """Move some members to other units from today on, nobody to the one that shrinks; the registrar brings the whole roster."""
    for walker in walk.chance.sample(walk.walkers, len(walk.walkers) // 20):
        walker.places.append((host.clock.now().date(), walk.chance.choice(UNITS[:-1])))
    today = host.clock.now().date()
    units = {unit: [walker.member for walker in walk.walkers if walker.unit(today) == unit] for unit in UNITS}
    host.windows.clear()
    answer = await put_roster(host, units, today)
    assert answer.status_code == 200, answer.text


async def _review(host: StoreHost, walk: Walk) -> None:
    """Let every other held total through."""
    await counted(host)
    db, caller = host.app.state.db, StaffCall("office-1", frozenset({"office"}))
    for at, held in enumerate((await list_held(db, ONE.id)).held):
        if held.accepted is None:
            asked = DecideHeld(review=held.review, steps=held.steps, accepted=at % 2 == 0, reason="見た (架空)")
            await decide_held(db, caller, asked)
    rows = await host.rows("SELECT token, day, steps FROM held_day WHERE accepted")
    by_token = {walker.member.token: walker for walker in walk.walkers}
    for row in rows:
        by_token[row["token"]].accepted.add((row["day"], row["steps"]))


async def test_four_weeks(own_cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Late and repeated syncs, two devices, travellers, cheaters, leavers, moves between units, kill -9: the result is right."""
    async with killable(own_cluster, tmp_path) as there:
        await _four_weeks(there)


async def _four_weeks(there: Killable) -> None:
    host = there.host
    accidents = {9: there.kill_service, 16: there.kill_database, **dict.fromkeys(EXTRA_KILLS, there.kill_service)}
    chance = random.Random(SEED)
    members = [Member.new("programs") for _ in range(WALKERS)]
    for at in range(0, WALKERS, 500):
        await host.enrol(members[at : at + 500])
    walk = Walk(ONE, chance, [_walker(member, UNITS[at % len(UNITS)], chance) for at, member in enumerate(members)])
    await put_contest(host.app.state.db, ONE, host.clock.now())
    await _change_units(host, walk)
    await _enter(there, walk)
    for number in range(28):
        await _sync(there, walk, accidents.get(number))
        if number % 7 == 3:
            await host.seal()
            await _change_units(host, walk)
        if number % 5 == 4:
            await counted(host)
        for walker in walk.walkers:
            if walker.leaves == host.clock.now().date():
                answer = await host.as_member(walker.member, "POST", "/me/contests/leaving", LeaveContest(contest=ONE.id))
                assert answer.status_code == 204, answer.text
        host.clock.advance(timedelta(days=1))
    await _sync(there, walk)
    assert host.clock.now() - NOW - timedelta(days=28) < timedelta(hours=1), "waiting has moved the clock too far"
    await _review(host, walk)
    await _nothing_is_lost(host, walk)
    proof = await recount_contests(host.app.state.db)
    host.clock.advance(timedelta(days=4))
    await published(host)
    expected = scores(ONE, walk.walkers)
    found = {}
    for league, units in Counter(league for league, _, _ in expected.values()).items():
        for page in range(-(-units // PAGE_ROWS)):
            read = await ranking(host, walk.walkers[0].member, ONE, league, page)
            assert read["final"]
            found.update({unb64u(row["team"]): (league, row["place"], row["score"]) for row in read["rows"]})

    assert (proof.contests, proof.agrees) == (1, True)
    assert {league for league, _, _ in expected.values()} == {0, 1}
    assert found == expected
    await _paid(there, walk)
