"""Points for what a team did together: by participation, by average, by rank, once the contest's result stands."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st
from programs.point_awards import Teams
from programs.ranking import Standing
from protocol.messages.point_rules import GrantPoints, Rule, Tier
from support.office import Colleague
from support.store_host import Member, StoreHost, problem

from .walking import LAB, SALES, TODAY, WORKS, contest, enter, managed, people, published, put_roster, walk

ONE = contest(enter_until=TODAY, first=TODAY - timedelta(days=3), last=TODAY + timedelta(days=1), active_days=2, active_steps=5000)
DAYS = 5
RULE = Rule(
    title_ja="みんなで参加",
    title_en="Together",
    metric="participation-rate",
    contest=ONE.id,
    tiers=(Tier(at=50, points=100), Tier(at=70, points=300)),
    budget=100_000,
    lasts_days=90,
)


async def granted(host: StoreHost, by: Colleague, name: str, rule: Rule, **changes: Any) -> httpx.Response:
    """Write a rule and run it for the contest's days."""
    written = await by.call(host, "PUT", f"/staff/point-rules/{name}/1", message=rule)
    assert written.status_code == 201, written.text
    request = GrantPoints.model_validate({"rule": name, "first": ONE.first, "last": ONE.last, **changes})
    return await by.call(host, "POST", "/staff/point-runs", message=request)


async def has(host: StoreHost, member: Member) -> int:
    return int((await host.as_member(member, "GET", "/me/points")).json()["posted"])


async def test_what_teams_are_given(host: StoreHost) -> None:
    """Seventy percent of ten is seven; who did not walk gets points too, where the rule says all; teams that are small get none."""
    by = await managed(host, ONE)
    sales, works, lab = await people(host, 10), await people(host, 12), await people(host, 10)
    await put_roster(host, {SALES: sales, WORKS: works, LAB: lab}, ONE.first)
    for team, walkers in ((sales, 7), (works, 8), (lab, 4)):
        for member in team[:walkers]:
            assert (await enter(host, member, ONE)).status_code == 204
            await walk(host, member, (2, 6000, 1), (1, 6000, 2))
    # Entered, and walked on one day of two.
    await enter(host, lab[4], ONE)
    await walk(host, lab[4], (2, 6000, 1))
    await published(host)
    early = await granted(host, by, "early", RULE)
    host.clock.advance(timedelta(days=6))
    await published(host)
    by = await managed_again(host, by)
    rate = await granted(host, by, "rate", RULE)
    after_rate = [await has(host, team[-1]) for team in (sales, works, lab)]
    await granted(host, by, "active", RULE.model_copy(update={"who": "active-only", "tiers": (Tier(at=40, points=10),)}))
    after_active = [await has(host, one) for one in (sales[0], sales[-1], lab[0], lab[4], lab[-1])]
    registered: dict[str, Any] = {"metric": "team-average", "denominator": "registered"}
    registered |= {"tiers": (Tier(at=2400, points=1), Tier(at=2401, points=2))}
    await granted(host, by, "average", RULE.model_copy(update=registered))
    large = {"metric": "rank", "tiers": (Tier(at=2, points=1000), Tier(at=1, points=5000)), "min_team": 11}
    await granted(host, by, "rank", RULE.model_copy(update=large))
    in_the_end = [await has(host, team[-1]) for team in (sales, works, lab)]
    other = await granted(host, by, "other", RULE, first=ONE.first + timedelta(days=1))

    assert (problem(early), early.json()["reason"]) == ((409, "run-refused"), "period")
    assert rate.json()["tiers"] == [{"at": 50, "members": 10}, {"at": 70, "members": 10}]
    assert after_rate == [300, 100, 0]
    assert after_active == [310, 300, 10, 0, 0]
    assert in_the_end == [301, 1101, 0]
    assert other.json()["reason"] == "contest"


async def managed_again(host: StoreHost, by: Colleague) -> Colleague:
    """Open a session anew: days have passed."""
    answer = await by.open(host)
    assert answer.status_code == 201, answer.text
    return by


@given(st.integers(0, 40), st.integers(2, 40), st.integers(1, 100), st.integers(2, 12))
def test_rates_are_not_rounded(active: int, eligible: int, at: int, least: int) -> None:
    """A team reaches a rate exactly when the fraction does, and no team that is too small reaches any."""
    rule = RULE.model_copy(update={"tiers": (Tier(at=at, points=1),), "min_team": least})
    standing = Standing(SALES, None, eligible, eligible * DAYS, min(active, eligible), 0)
    found = Teams.of(rule, ONE, [standing], {})

    assert (SALES in found.tiers) is (eligible >= least and Fraction(min(active, eligible), eligible) >= Fraction(at, 100))
