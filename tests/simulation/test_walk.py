"""An insurer walks for four weeks: the published result is what counting by hand gives."""

import os
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from programs.app import SERVICE
from programs.use_cases.contests import put_contest
from programs.use_cases.recount import recount_contests
from programs.use_cases.reviews import decide_held, list_held
from protocol.encoding import unb64u
from protocol.messages.contests import LeaveContest
from protocol.messages.reviews import DecideHeld
from protocol.messages.steps import PutStepDays, StepDay
from rooms.programs.walking import contest, counted, enter, published, put_roster, ranking
from staff import StaffCall
from support.postgres import DatabaseUrls
from support.store_host import NOW, Member, StoreHost, store_host

from simulation.walkers import PHONE, WATCH, Walk, Walker, scores

WALKERS = int(os.environ.get("WARIFU_WALKERS", "120"))
UNITS = [bytes([number]) * 16 for number in range(1, 1 + max(3, WALKERS // 30))]
SEED = int(os.environ.get("WARIFU_SEED", "20261120"))
FIRST = NOW.date()
ONE = contest(first=FIRST, last=FIRST + timedelta(days=27), enter_from=FIRST, enter_until=FIRST + timedelta(days=27))


@pytest.fixture
async def host(database_urls: DatabaseUrls, tmp_path: Path) -> AsyncIterator[StoreHost]:
    """Serve programs on an empty database."""
    async with store_host(SERVICE, database_urls, tmp_path) as host:
        yield host


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


async def _sync(host: StoreHost, walk: Walk) -> None:
    """Let whoever is due write, some of them twice, and note what has arrived."""
    for walker, device, days in walk.due(host.clock.now()):
        walker.seq += 1
        items = tuple(StepDay(day=day, steps=steps, seq=walker.seq) for day, steps in days)
        for _ in range(1 + (walk.chance.random() < 0.1)):
            answer = await host.as_member(walker.member, "PUT", "/me/step-days", PutStepDays(install=device, items=items))
            assert answer.status_code == 200, answer.text
        assert {result["result"] for result in answer.json()["results"]} <= {"applied", "unchanged"}
        walker.arrived.update({(device, day): steps for day, steps in days})


async def _change_units(host: StoreHost, walk: Walk) -> None:
    """Move some members to other units from today on; the registrar brings the whole roster."""
    for walker in walk.chance.sample(walk.walkers, len(walk.walkers) // 20):
        walker.places.append((host.clock.now().date(), walk.chance.choice(UNITS)))
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


async def test_four_weeks(host: StoreHost) -> None:
    """Late and repeated syncs, two devices, travellers, cheaters, leavers, moves between units: the final ranking is right."""
    chance = random.Random(SEED)
    members = [Member.new("programs") for _ in range(WALKERS)]
    for at in range(0, WALKERS, 500):
        await host.enrol(members[at : at + 500])
    walk = Walk(ONE, chance, [_walker(member, UNITS[at % len(UNITS)], chance) for at, member in enumerate(members)])
    await put_contest(host.app.state.db, ONE, host.clock.now())
    await _change_units(host, walk)
    for walker in walk.walkers:
        assert (await enter(host, walker.member, ONE)).status_code == 204
    for number in range(28):
        await _sync(host, walk)
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
    await _sync(host, walk)
    await _review(host, walk)
    proof = await recount_contests(host.app.state.db)
    host.clock.advance(timedelta(days=4))
    await published(host)
    expected = scores(ONE, walk.walkers)
    found = {}
    for league in {league for league, _, _ in expected.values()}:
        for page in range(1 + len(UNITS) // 50):
            read = await ranking(host, walk.walkers[0].member, ONE, league, page)
            assert read["final"]
            found.update({unb64u(row["team"]): (league, row["place"], row["score"]) for row in read["rows"]})

    assert (proof.contests, proof.agrees) == (1, True)
    assert {league for league, _, _ in expected.values()} == {0, 1}
    assert found == expected
