"""What a day counts is one number: for the member, for contests and for rules of points."""

import pytest
from programs.use_cases.contests import put_contest
from protocol.messages.contests import Contest
from protocol.messages.point_rules import Tier
from protocol.messages.steps import StepSource
from support.store_host import Member, StoreHost

from .test_point_rules import FIRST, LAST, WALK, has, office, ruled, run
from .walking import PHONE, SALES, TODAY, WATCH, contest, counted, enter, people, put_roster, team_steps, walk

AGO = (TODAY - LAST).days


async def _entered(host: StoreHost, one: Contest) -> list[Member]:
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    for member in members:
        await enter(host, member, one)
    return members


@pytest.mark.parametrize(("chosen", "steps"), [(None, 9000), (WATCH, 9000), (PHONE, 3000), (b"nothing-was-here", 9000)])
async def test_the_chosen_installation_counts_everywhere(host: StoreHost, chosen: bytes | None, steps: int) -> None:
    """A telephone of 3,000 steps and a watch of 9,000: the chosen one counts, or else the larger, folded or not."""
    one = contest()
    await put_contest(host.app.state.db, one, host.clock.now())
    member = (await _entered(host, one))[0]
    await walk(host, member, (AGO, 3000, 1), install=PHONE)
    await host.seal()
    await walk(host, member, (AGO, 9000, 1), install=WATCH)
    answer = await host.as_member(member, "PUT", "/me/step-source", StepSource(install=chosen))
    assert answer.status_code == 204
    await counted(host)
    read = (await host.as_member(member, "GET", f"/me/step-days?since={FIRST}&until={LAST}")).json()
    by = await office(host)
    assert (await ruled(host, by, WALK.model_copy(update={"steps": 9000, "tiers": (Tier(at=1, points=100),)}))).status_code == 201
    assert (await run(host, by, first=LAST, last=LAST)).status_code == 200

    assert [item["steps"] for item in read["items"]] == [steps]
    assert await team_steps(host, one) == {(SALES, LAST): steps}
    assert await has(host, member) == (100 if steps == 9000 else 0)
