"""Rules, and runs that grant by them: what they give, once, within the budget; what only the insurer knows; the books."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from chassis.config import ConfigError
from hypothesis import given
from hypothesis import strategies as st
from programs.command_books import BOOKS
from programs.point_awards import Done, award, reached
from protocol.messages.mailbox import SetSuspensions, Suspension
from protocol.messages.point_rules import GrantPoints, PointFact, PointFacts, Rule, Tier
from protocol.messages.steps import PutStepDays, StepDay
from support.office import Colleague, staffed
from support.store_host import Member, StoreHost, problem

from .points import TODAY

FIRST, LAST = TODAY - timedelta(days=8), TODAY - timedelta(days=1)
WALK = Rule(
    title_ja="よく歩いた日",
    title_en="Days with a walk",
    metric="active-days",
    steps=8000,
    tiers=(Tier(at=2, points=100), Tier(at=5, points=300)),
    budget=100_000,
    lasts_days=365,
)


async def office(host: StoreHost) -> Colleague:
    colleague = Colleague("desk-1", roles=("program-manager",))
    await staffed(host, colleague)
    return colleague


async def ruled(host: StoreHost, by: Colleague, rule: Rule, version: int = 1) -> httpx.Response:
    return await by.call(host, "PUT", f"/staff/point-rules/walk/{version}", message=rule)


async def run(host: StoreHost, by: Colleague, **changes: Any) -> httpx.Response:
    request = GrantPoints.model_validate({"rule": "walk", "first": FIRST, "last": LAST, **changes})
    return await by.call(host, "POST", "/staff/point-runs", message=request)


async def walked(host: StoreHost, member: Member, steps: Sequence[int]) -> None:
    """Write steps of the days from ``FIRST`` on."""
    items = tuple(StepDay(day=FIRST + timedelta(days=at), steps=count, seq=1) for at, count in enumerate(steps))
    answer = await host.as_member(member, "PUT", "/me/step-days", PutStepDays(install=bytes(16), items=items))
    assert answer.status_code == 200, answer.text


async def has(host: StoreHost, member: Member) -> int:
    return int((await host.as_member(member, "GET", "/me/points")).json()["posted"])


async def test_a_run_grants_once(host: StoreHost) -> None:
    """A dry run says what a run then does; the run again does nothing; what is folded counts as what is not."""
    by = await office(host)
    good, fair, idle = [await host.member() for _ in range(11)], await host.member(), await host.member()
    for member in good:
        await walked(host, member, [9000] * 5)
    await walked(host, fair, [8000, 0, 7999, 0, 8000])
    await host.seal()
    await staffed(host, by, number=2)
    await walked(host, idle, [0])
    assert (await ruled(host, by, WALK)).status_code == 201
    dry = (await run(host, by, dry=True)).json()
    nothing = await has(host, good[0])
    wet, again = (await run(host, by)).json(), (await run(host, by)).json()

    assert (dry["members"], dry["points"], dry["budget_left"], nothing) == (10, 3400, 96_600, 0)
    assert dry["tiers"] == [{"at": 2, "members": None}, {"at": 5, "members": 10}]
    assert {**dry, "done": True} == wet
    assert (again["members"], again["points"], again["budget_left"]) == (None, 0, 96_600)
    assert [await has(host, one) for one in (good[0], fair, idle)] == [300, 100, 0]


async def test_what_a_rule_looks_at(host: StoreHost) -> None:
    """Averages count every day of the period and cap a day, streaks end with a gap; nobody who is suspended gets anything."""
    by = await office(host)
    steady, sprinter, gone = await host.member(), await host.member(), await host.member()
    await walked(host, steady, [5000] * 8)
    await walked(host, sprinter, [100_000, 0, 9000, 9000, 9000, 0, 9000, 9000])
    await walked(host, gone, [9000] * 8)
    listed = await host.decided("suspend", gone)
    proof = listed.proof("programs", gone.token)
    await host.as_registrar(
        "suspend", "POST", "/suspensions", SetSuspensions(rows=(Suspension(token=gone.token, subject=proof, suspended=True),))
    )
    average = WALK.model_copy(
        update={"metric": "individual-average", "steps": None, "tiers": (Tier(at=5000, points=10), Tier(at=9376, points=99))}
    )
    streak = WALK.model_copy(update={"metric": "streak", "tiers": (Tier(at=3, points=7), Tier(at=4, points=8))})
    await ruled(host, by, average)
    await run(host, by)
    first = [await has(host, one) for one in (steady, sprinter)]
    await ruled(host, by, streak, 2)
    refused = await run(host, by)
    await run(host, by, last=FIRST - timedelta(days=1), first=FIRST - timedelta(days=3))
    await by.call(host, "PUT", "/staff/point-rules/streak/1", message=streak)
    await run(host, by, rule="streak")
    rows = await host.rows("SELECT token FROM point_entry WHERE token = $1", gone.token)

    # (30,000 + 5 * 9,000) / 8 = 9,375
    assert first == [10, 10]
    assert problem(refused) == (409, "run-refused")
    assert [await has(host, one) for one in (steady, sprinter)] == [10, 17]
    assert rows == []


async def test_the_budget_and_the_cap(host: StoreHost) -> None:
    """A run that would go beyond its year's budget grants nobody anything; one member gets no more of a rule than its cap."""
    by = await office(host)
    one, other = await host.member(), await host.member()
    for member in (one, other):
        await walked(host, member, [9000] * 8)
    rule = WALK.model_copy(update={"tiers": (Tier(at=1, points=100),), "budget": 399, "member_cap": 150})
    await ruled(host, by, rule)
    half = {"first": FIRST, "last": FIRST + timedelta(days=3)}
    rest = {"first": FIRST + timedelta(days=4), "last": LAST}
    answers = [await run(host, by, **half), await run(host, by, **rest)]
    have = [await has(host, member) for member in (one, other)]
    await by.call(host, "PUT", "/staff/point-rules/poor/1", message=rule.model_copy(update={"budget": 199}))
    broke = await run(host, by, rule="poor")

    assert [answer.json()["budget_left"] for answer in answers] == [199, 99]
    assert have == [150, 150]
    assert (problem(broke), broke.json()["reason"]) == ((409, "run-refused"), "budget")
    assert [await has(host, member) for member in (one, other)] == have


async def test_runs_that_are_refused(host: StoreHost) -> None:
    """No run for a period that is not over, that another run covers, or by a rule that is not there; versions follow each other."""
    by = await office(host)
    await ruled(host, by, WALK)
    await run(host, by)
    asked: list[dict[str, Any]] = [
        {"last": TODAY},
        {"first": LAST, "last": FIRST},
        {"first": FIRST - timedelta(days=1)},
        {"rule": "none"},
    ]
    answers = [await run(host, by, **changes) for changes in asked]
    rules = [
        await ruled(host, by, WALK),
        await ruled(host, by, WALK, 3),
        await ruled(host, by, WALK.model_copy(update={"budget": 1})),
    ]

    assert [(answer.json()["type"], answer.json().get("reason")) for answer in answers] == [
        ("run-refused", "period"),
        ("run-refused", "period"),
        ("run-refused", "overlaps"),
        ("rule-unknown", None),
    ]
    assert [answer.status_code for answer in rules] == [200, 409, 409]
    assert (await host.client.get("/point-rules")).json()["rules"][0]["rule"]["budget"] == WALK.budget


async def test_a_run_that_was_interrupted(host: StoreHost) -> None:
    """While a run of the rule has not served everybody no other one begins and nobody gets anything; once it has, one may."""
    by = await office(host)
    member = await host.member()
    await walked(host, member, [9000] * 8)
    await ruled(host, by, WALK)
    half = {"first": FIRST, "last": FIRST + timedelta(days=3)}
    rest = {"first": FIRST + timedelta(days=4), "last": LAST}
    await run(host, by, **half)
    await host.rows("UPDATE point_run SET done = false")
    before = await has(host, member)
    refused = await run(host, by, **rest)
    after = await has(host, member), [tuple(row) for row in await host.rows("SELECT first FROM point_run")]
    answers = [await run(host, by, **half), await run(host, by, **rest)]

    assert (problem(refused), refused.json().get("reason")) == ((409, "run-refused"), "open")
    assert after == (before, [(FIRST,)])
    assert [answer.json()["done"] for answer in answers] == [True, True]
    assert (before, await has(host, member)) == (100, 200)


async def test_what_the_insurer_knows(host: StoreHost) -> None:
    """A fact of the period's fiscal year is worth points, one of another year is not; it may be withdrawn before."""
    by = await office(host)
    members = sorted([await host.member() for _ in range(3)], key=lambda member: member.token)
    rows = [PointFact(token=member.token, kind="checkup-taken", fiscal_year=2026 - (at == 1)) for at, member in enumerate(members)]
    answers = [
        await host.as_registrar("ingest", "POST", path, PointFacts(rows=tuple(some)))
        for path, some in (("/point-facts", rows), ("/point-facts", rows[:2]), ("/point-facts/withdrawals", rows[2:]))
    ]
    stranger = PointFacts(rows=(PointFact(token=bytes(32), kind="checkup-taken", fiscal_year=2026),))
    answers.append(await host.as_registrar("ingest", "POST", "/point-facts", stranger))
    rule = {"metric": "fact", "fact": "checkup-taken", "steps": None, "tiers": (Tier(at=1, points=500),)}
    await ruled(host, by, WALK.model_copy(update=rule))
    await run(host, by)

    assert [(answer.json()["changed"], answer.json()["unknown"]) for answer in answers] == [(3, []), (0, []), (1, []), (0, [0])]
    assert [await has(host, member) for member in members] == [500, 0, 0]


async def test_the_books(host: StoreHost) -> None:
    """The office reads sums that agree, and the sides as CSV; the command prints the same, and fails where they do not agree."""
    by = await office(host)
    member = await host.member()
    await walked(host, member, [9000] * 8)
    await ruled(host, by, WALK)
    await run(host, by)
    books = (await by.call(host, "GET", "/staff/points/books")).json()
    text = (await by.call(host, "GET", "/staff/points/books.csv")).text
    printed = await BOOKS.run(host.app.state.config)
    await host.rows("UPDATE point_balance SET posted = posted + 1")
    with pytest.raises(ConfigError, match=r'the books of points do not agree: .*"entries":300,"balances":301') as torn:
        await BOOKS.run(host.app.state.config)

    assert "sides" not in str(torn.value)
    assert (books["agree"], books["postings"], books["entries"]) == (True, 0, 300)
    assert text == "fiscal_year,side,party,points\r\n2026,issued,walk,-300\r\n2026,members,,300\r\n"
    assert printed == text


@given(st.integers(1, 400), st.integers(0, 4_000_000), st.integers(0, 20_000), st.integers(0, 150))
def test_averages_are_not_rounded(days: int, steps: int, at: int, granted: int) -> None:
    """An average is reached exactly when the mean is, as fractions say; no award goes beyond what is left of the cap."""
    tiers = (Tier(at=at, points=100),)
    rule = WALK.model_copy(update={"metric": "individual-average", "steps": None, "tiers": tiers, "member_cap": 120})
    tier = reached(rule, Done(bytes(32), steps, 0, 0, 0, granted), days)

    assert (tier is not None) is (steps / days >= at)
    assert award(rule, tiers[0], granted) == max(0, min(100, 120 - granted))


def test_a_day_of_the_year() -> None:
    """The fiscal year turns with 1 April."""
    from programs.fiscal_year import first_day, fiscal_year

    assert [fiscal_year(day) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2027, 1, 1))] == [2025, 2026, 2026]
    assert first_day(2026) == date(2026, 4, 1)
