"""The office side of contests: held totals, frozen and corrected results, participation, and who may what."""

from datetime import timedelta

from programs.use_cases.past_contests import forget_days
from protocol.encoding import b64u
from protocol.messages.contests import (
    AskContest,
    ExcuseContest,
    LeaveContest,
    PutContest,
)
from protocol.messages.reviews import Adjust, DecideHeld
from support.office import Colleague, staffed
from support.store_host import StoreHost, problem

from .walking import (
    LAB,
    SALES,
    TODAY,
    WORKS,
    contest,
    counted,
    defined,
    enter,
    managed,
    own_ranking,
    people,
    published,
    put_roster,
    ranking,
    team_steps,
    walk,
)


async def test_held_days(host: StoreHost) -> None:
    """More than 60,000 steps wait for the office and count nothing; their owner sees them; accepted they count up to the cap."""
    one = contest()
    manager = await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    for member in members[:2]:
        await enter(host, member, one)
    await walk(host, members[0], (0, 60_001, 1), (1, 60_000, 1))
    await walk(host, members[1], (0, 90_000, 1))
    await counted(host)
    first = await team_steps(host, one)
    own = (await host.as_member(members[0], "GET", "/me/contests")).json()["contests"][0]
    seen = (await host.as_member(members[0], "GET", f"/me/step-days?since={TODAY}&until={TODAY}")).json()["items"]
    held = (await manager.call(host, "POST", "/staff/contests/held", message=AskContest(contest=one.id))).json()["held"]
    by_steps = {each["steps"]: each["review"] for each in held}
    answers = [
        await manager.call(
            host,
            "POST",
            "/staff/contests/held/decisions",
            message=DecideHeld(review=by_steps[steps], steps=said, accepted=accepted, reason="見た (架空)"),
        )
        for steps, said, accepted in ((60_001, 60_002, True), (60_001, 60_001, True), (90_000, 90_000, False))
    ]
    await counted(host)
    decided = await team_steps(host, one)
    # Another total since then is another matter, and one that is not too high needs nobody.
    await walk(host, members[0], (0, 61_000, 2))
    await walk(host, members[1], (0, 20_000, 2))
    await counted(host)
    left = (await manager.call(host, "POST", "/staff/contests/held", message=AskContest(contest=one.id))).json()["held"]

    yesterday = (SALES, TODAY - timedelta(days=1))
    assert first == {yesterday: 30_000}
    assert (own["held"], own["steps"], seen[0]["steps"]) == ([str(TODAY)], 30_000, 60_001)
    assert set(held[0]) == {"review", "day", "steps", "accepted", "decided_by", "reason"}
    assert [answer.status_code for answer in answers] == [409, 204, 204]
    assert decided == {yesterday: 30_000, (SALES, TODAY): 30_000}
    assert await team_steps(host, one) == {yesterday: 30_000, (SALES, TODAY): 20_000}
    assert [(each["steps"], each["accepted"]) for each in left] == [(61_000, None)]


async def test_freeze_and_correction(host: StoreHost) -> None:
    """Late steps count for 72 hours after the last day; then the result stands, and only an audited correction changes it."""
    one = contest(last=TODAY, enter_until=TODAY)
    manager = await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    early = Adjust(contest=one.id, id=bytes(16), team=SALES, steps=1, reason="早い (架空)")
    refused = [await manager.call(host, "POST", "/staff/contests/adjustments", message=early)]
    for member in members:
        await enter(host, member, one)
        await walk(host, member, (0, 8000, 1))
    # 03:00 in UTC is noon in Japan: 72 hours after midnight there is three and a half days away.
    host.clock.advance(timedelta(days=3, hours=11, minutes=50))
    await walk(host, members[0], (0, 16_000, 2))
    await published(host)
    late = await ranking(host, members[0], one)
    host.clock.advance(timedelta(minutes=10))
    await published(host)
    await walk(host, members[0], (0, 30_000, 3))
    await published(host)
    final = await ranking(host, members[0], one)
    await staffed(host, manager, number=2)
    correction = Adjust(contest=one.id, id=b"1" * 16, team=SALES, steps=80_000, reason="二重に数えた (架空)")
    for message in (correction, correction):
        answer = await manager.call(host, "POST", "/staff/contests/adjustments", message=message)
        assert answer.status_code == 204, answer.text
    refused.append(
        await manager.call(
            host, "POST", "/staff/contests/adjustments", message=correction.model_copy(update={"id": b"2" * 16, "team": LAB})
        )
    )
    corrected = await ranking(host, members[0], one)
    kept = (await manager.call(host, "POST", "/staff/contests/adjustments/list", message=AskContest(contest=one.id))).json()[
        "adjustments"
    ]

    assert [(page["final"], page["rows"][0]["score"], page["rows"][0]["corrected"]) for page in (late, final, corrected)] == [
        (False, 1100, False),
        (True, 1100, False),
        (True, 1000, True),
    ]
    assert [(each["before"], each["after"], each["made_by"], each["reason"]) for each in kept] == [
        (88_000, 80_000, "manager-1", "二重に数えた (架空)")
    ]
    assert [answer.json()["reason"] for answer in refused] == ["not-final", "team"]


async def test_nobody_comes_or_goes_once_a_result_stands(host: StoreHost) -> None:
    """Entering, leaving, being counted out and a new nickname end with the result; what was entered stays."""
    one = contest(teams="free", last=TODAY, enter_until=TODAY)
    await managed(host, one)
    captain, stranger = await people(host, 2)
    await enter(host, captain, one, team_name="一班 (架空)", code="abcdefgh234567ab", nickname="いちろう")
    host.clock.advance(timedelta(days=4))
    await published(host)
    query = "SELECT token, nickname, until, excused FROM entry"
    before = await host.rows(query)
    answers = [
        await enter(host, captain, one, nickname="じろう"),
        await enter(host, stranger, one, code="abcdefgh234567ab"),
        await host.as_member(captain, "POST", "/me/contests/leaving", LeaveContest(contest=one.id)),
        await host.as_member(captain, "PUT", "/me/contests/excuse", ExcuseContest(contest=one.id)),
    ]

    assert [problem(answer) for answer in answers] == [(409, "entry-refused")] * 4
    assert {answer.json()["reason"] for answer in answers} == {"closed"}
    assert (len(before), await host.rows(query)) == (1, before)


async def test_days_are_forgotten_and_results_stay(host: StoreHost) -> None:
    """Five weeks after the end nothing says which member walked what for a team on which day; the result is as it was."""
    over, running = contest(last=TODAY, enter_until=TODAY), contest(last=TODAY + timedelta(days=90))
    await managed(host, over, running)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, over.first)
    for member in members:
        await enter(host, member, over)
        await enter(host, member, running)
        await walk(host, member, (0, 8000 if member is not members[0] else 70_000, 1))
    await counted(host)
    await host.seal()
    counts = []
    for days in (4, 30, 3):
        host.clock.advance(timedelta(days=days))
        await published(host)
        await forget_days(host.app.state.db, host.clock.now())
        rows = await host.rows(
            "SELECT (SELECT count(*) FROM contest_day WHERE contest = $1), (SELECT count(*) FROM held_day WHERE contest = $1), "
            "(SELECT count(*) FROM contest_day WHERE contest = $2)",
            over.id,
            running.id,
        )
        counts.append(tuple(rows[0]))
    own = await own_ranking(host, members[1], over)

    assert counts == [(9, 1, 9), (9, 1, 9), (0, 0, 9)]
    assert (own["page"]["final"], own["participation"]["active"]) == (True, 9)


async def test_a_contest_changes_until_it_can_be_entered(host: StoreHost) -> None:
    """Before the entry window a manager may change everything; afterwards only the same again is accepted."""
    later = contest(enter_from=TODAY + timedelta(days=1), first=TODAY + timedelta(days=2))
    manager = await managed(host, later)
    changed = later.model_copy(update={"daily_cap": 20_000})
    await defined(host, manager, changed)
    host.clock.advance(timedelta(days=1))
    await staffed(host, manager, number=2)
    await defined(host, manager, changed)
    answer = await manager.call(host, "PUT", "/staff/contests", message=PutContest(contest=later))

    assert problem(answer) == (409, "contest-differs")
    assert (await manager.call(host, "GET", "/staff/contests")).json()["contests"][0]["daily_cap"] == 20_000


async def test_who_may_what(host: StoreHost) -> None:
    """The office reads and reviews, and sets nothing up; an analyst and a member do neither."""
    one = contest()
    await managed(host, one)
    office, analyst = Colleague("desk-1", roles=("office",)), Colleague("desk-2", roles=("analyst",))
    await staffed(host, office, analyst, number=2)
    member = await host.member()
    answers = [
        (await office.call(host, "GET", "/staff/contests")).status_code,
        (await office.call(host, "POST", "/staff/contests/held", message=AskContest(contest=one.id))).status_code,
        problem(await office.call(host, "PUT", "/staff/contests", message=PutContest(contest=one))),
        problem(await analyst.call(host, "GET", "/staff/contests")),
        problem(await host.as_member(member, "GET", "/staff/units")),
        (await host.as_member(member, "GET", "/contests")).status_code,
    ]

    assert answers == [200, 200, (403, "staff-role"), (403, "staff-role"), (401, "staff-token-refused"), 200]


async def test_participation_for_the_office(host: StoreHost) -> None:
    """The office reads how many take part by unit, for units of ten or more, and nothing of smaller ones."""
    one = contest()
    manager = await managed(host, one)
    sales, works = await people(host, 10), await people(host, 10)
    await put_roster(host, {SALES: sales, WORKS: works}, one.first)
    for member in [*sales[:4], works[0]]:
        await enter(host, member, one)
        await walk(host, member, (0, 100, 1))
    await host.as_member(works[1], "PUT", "/me/contests/excuse", ExcuseContest(contest=one.id))
    await counted(host)
    answer = await manager.call(host, "POST", "/staff/contests/participation", message=AskContest(contest=one.id))
    nothing = await manager.call(host, "POST", "/staff/contests/participation", message=AskContest(contest=bytes(16)))

    assert problem(nothing) == (404, "contest-unknown")
    assert answer.json() == {"teams": [{"team": b64u(SALES), "name": None, "eligible": 10, "participation": 40}]}
