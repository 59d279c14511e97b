"""Contests of units: set up by managers, entered by members, counted, published."""

from datetime import timedelta

from protocol.encoding import b64u
from protocol.messages.contests import (
    CommitRoster,
    ExcuseContest,
    LeaveContest,
    PutRoster,
    PutUnitNames,
    RosterRow,
    UnitName,
)
from protocol.messages.rankings import AskRanking
from protocol.messages.steps import StepSource
from support.store_host import Member, StoreHost, problem

from .walking import (
    LAB,
    SALES,
    TODAY,
    WATCH,
    WORKS,
    Truth,
    contest,
    counted,
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


async def choose(host: StoreHost, member: Member, install: bytes | None) -> None:
    answer = await host.as_member(member, "PUT", "/me/step-source", StepSource(install=install))
    assert answer.status_code == 204, answer.text


async def test_a_ranking_from_roster_to_page(host: StoreHost) -> None:
    """Averages per member of the roster, zeros counted, the own team in sight, and exactly how many more are needed."""
    one = contest(stages=({"name": "日本橋 (架空)", "metres": 0}, {"name": "品川 (架空)", "metres": 7_900}))
    manager = await managed(host, one)
    sales, works = await people(host, 12), await people(host, 10)
    answer = await put_roster(host, {SALES: sales, WORKS: works}, one.first)
    await manager.call(host, "PUT", "/staff/units", message=PutUnitNames(units=(UnitName(unit=SALES, name="営業部 (架空)"),)))
    for member in [*sales[:10], *works]:
        assert (await enter(host, member, one)).status_code == 204
        await walk(host, member, (1, 12_000, 1), (0, 40_000, 2))
    await published(host)
    page, own = await ranking(host, works[0], one), await own_ranking(host, sales[11], one)

    assert answer.json() == {"units": 2, "members": 22, "changed": 22}
    # Works: 42,000 in eight days, of which the cap takes 10,000; sales: the same by ten of twelve.
    assert [(row["name"], row["place"], row["score"], row["active_average"], row["participation"]) for row in page["rows"]] == [
        (None, 1, 5250, 5250, 100),
        ("営業部 (架空)", 2, 4380, 5250, 83),
    ]
    assert (page["league"], page["leagues"], page["teams"], page["final"]) == (1, [1], 2, False)
    assert own["own"] == page["rows"][1]
    assert own["own"]["stage"] == 2
    assert own["participation"] == {"eligible": 12, "active": 10, "threshold": 90, "missing": 1}
    assert own["page"]["rows"] == page["rows"]


async def test_pages_that_are_not_there(host: StoreHost) -> None:
    """A page, a league and a contest that nobody defined are not there; the first page is."""
    one, unknown = contest(), contest()
    await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    for member in members:
        await enter(host, member, one)
        await walk(host, member, (0, 1000, 1))
    await published(host)
    asked = [
        AskRanking(contest=one.id, league=1, page=1),
        AskRanking(contest=one.id, league=2, page=0),
        AskRanking(contest=unknown.id, league=1, page=0),
    ]
    answers = [await host.as_member(members[0], "POST", "/contests/ranking", each) for each in asked]
    page = await ranking(host, members[0], one)

    assert [(answer.status_code, answer.text and answer.json()["type"]) for answer in answers] == [(404, "ranking-unknown")] * 3
    assert [row["score"] for row in page["rows"]] == [130]


async def test_two_more_for_seventy_percent(host: StoreHost) -> None:
    """Participation is told in whole people: five of ten are half, and two more make seventy percent."""
    one = contest()
    await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    for member in members[:5]:
        await enter(host, member, one)
        await walk(host, member, (0, 1, 1))
    await published(host)
    own = await own_ranking(host, members[9], one)

    assert own["participation"] == {"eligible": 10, "active": 5, "threshold": 70, "missing": 2}
    # Five active members are too few for a number about their steps.
    assert own["page"]["league"] == 0
    assert (own["own"]["score"], own["own"]["active_average"], own["own"]["place"]) == (None, None, 1)


async def test_moving_counts_for_each_days_unit(host: StoreHost) -> None:
    """Who changes units counts for the old one until the day before, for the new one from then on, also for days written late."""
    one = contest()
    await managed(host, one)
    sales, works = await people(host, 12), await people(host, 10)
    truth = Truth(one)
    for unit, members in ((SALES, sales), (WORKS, works)):
        for member in members:
            truth.units[member.token].append((one.first, unit))
    await put_roster(host, {SALES: sales, WORKS: works}, one.first)
    for number, member in enumerate([*sales, *works]):
        await enter(host, member, one)
        truth.entered.add(member.token)
        for ago in range(5):
            truth.totals[member.token, TODAY - timedelta(days=ago)] = 5000 + 137 * number + ago
        await walk(host, member, *((ago, 5000 + 137 * number + ago, 1) for ago in range(4)))
    await counted(host)
    moved_on = TODAY - timedelta(days=2)
    await put_roster(host, {SALES: sales[1:], WORKS: [*works, sales[0]]}, moved_on)
    truth.units[sales[0].token].append((moved_on, WORKS))
    for number, member in enumerate([*sales, *works]):
        await walk(host, member, (4, 5004 + 137 * number, 1))
    await published(host)
    page = await ranking(host, sales[0], one)

    assert await team_steps(host, one) == truth.team_days(TODAY)
    assert {row["team"]: (row["place"], row["score"]) for row in page["rows"]} == truth.places(TODAY)


async def test_small_units_are_refused(host: StoreHost) -> None:
    """A unit of nine cannot hold; neither can a roster of which a part is missing, or one before the present one."""
    one = contest()
    await managed(host, one)
    members = await people(host, 20)
    refused = [await put_roster(host, {SALES: members[:11], WORKS: members[11:]}, TODAY)]
    accepted = await put_roster(host, {SALES: members[:10], WORKS: members[10:]}, TODAY)
    refused += [
        await put_roster(host, {SALES: members}, TODAY - timedelta(days=1)),
        await put_roster(host, {SALES: members}, TODAY - timedelta(days=40)),
    ]
    part = sorted((RosterRow(token=member.token, unit=LAB) for member in members[:10]), key=lambda row: row.token)
    await host.as_registrar("enrol", "PUT", "/roster", PutRoster(since=TODAY + timedelta(days=1), rows=tuple(part)))
    commit = CommitRoster(since=TODAY + timedelta(days=1), members=20)
    refused.append(await host.as_registrar("enrol", "POST", "/roster/commits", commit))
    units = await host.rows("SELECT unit, count(*) AS members FROM unit_member GROUP BY unit ORDER BY unit")

    assert [(answer.status_code, answer.json()["reason"]) for answer in refused] == [
        (409, "too-small"),
        (409, "earlier"),
        (409, "day"),
        (409, "incomplete"),
    ]
    assert accepted.json() == {"units": 2, "members": 20, "changed": 20}
    assert [tuple(row) for row in units] == [(SALES, 10), (WORKS, 10)]


async def test_shared_places(host: StoreHost) -> None:
    """Equal scores share a place, whoever was first; the next one is third."""
    one = contest(first=TODAY)
    await managed(host, one)
    groups = {unit: await people(host, 10) for unit in (SALES, WORKS, LAB)}
    await put_roster(host, groups, TODAY)
    for unit, members in groups.items():
        for member in members:
            await enter(host, member, one)
            await walk(host, member, (0, 4000 if unit == WORKS else 7003 + unit[0] % 2, 1))
    await published(host)
    page = await ranking(host, groups[LAB][0], one)

    assert [(row["team"], row["place"], row["score"]) for row in page["rows"]] == [
        (b64u(SALES), 1, 7000),
        (b64u(LAB), 1, 7000),
        (b64u(WORKS), 3, 4000),
    ]


async def test_leagues_by_size(host: StoreHost) -> None:
    """From a size on a team is in the next league, and places begin anew there."""
    one = contest(leagues=(11,), first=TODAY)
    await managed(host, one)
    groups = {SALES: await people(host, 11), WORKS: await people(host, 10)}
    await put_roster(host, groups, TODAY)
    for members in groups.values():
        for member in members:
            await enter(host, member, one)
            await walk(host, member, (0, 5000, 1))
    await published(host)
    pages = [await ranking(host, groups[SALES][0], one, league) for league in (1, 2)]

    assert [(page["leagues"], [(row["team"], row["place"]) for row in page["rows"]]) for page in pages] == [
        ([1, 2], [(b64u(WORKS), 1)]),
        ([1, 2], [(b64u(SALES), 1)]),
    ]


async def test_who_is_excused_is_no_part_of_the_average(host: StoreHost) -> None:
    """On leave one is counted out: neither a zero in the average nor missing in the participation; in again changes it back."""
    one = contest(first=TODAY)
    await managed(host, one)
    members = await people(host, 11)
    await put_roster(host, {SALES: members}, TODAY)
    for member in members[:10]:
        await enter(host, member, one)
        await walk(host, member, (0, 5500, 1))
    for excused in (True, False):
        answer = await host.as_member(members[10], "PUT", "/me/contests/excuse", ExcuseContest(contest=one.id, excused=excused))
        assert answer.status_code == 204, answer.text
        await published(host)
        own = await own_ranking(host, members[0], one)
        expected = (5500, 10) if excused else (5000, 11)

        assert (own["own"]["score"], own["participation"]["eligible"]) == expected


async def test_leaving_keeps_what_was_walked(host: StoreHost) -> None:
    """Who leaves walks no longer for the team; what was walked until yesterday stays."""
    one = contest()
    await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    await enter(host, members[0], one, nickname="あるく (架空)")
    await walk(host, members[0], (1, 3000, 1), (0, 4000, 1))
    await counted(host)
    before = await team_steps(host, one)
    left = await host.as_member(members[0], "POST", "/me/contests/leaving", LeaveContest(contest=one.id))
    again = await host.as_member(members[0], "POST", "/me/contests/leaving", LeaveContest(contest=one.id))
    await walk(host, members[0], (1, 3500, 2), (0, 9000, 2))
    await counted(host)

    assert [left.status_code, problem(again)] == [204, (409, "entry-refused")]
    assert before == {(SALES, TODAY - timedelta(days=1)): 3000, (SALES, TODAY): 4000}
    assert await team_steps(host, one) == {(SALES, TODAY - timedelta(days=1)): 3500}


async def test_phone_and_watch_are_never_added(host: StoreHost) -> None:
    """The largest installation counts, or the chosen one, also for days that were counted before."""
    one = contest()
    await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    await enter(host, members[0], one)
    await walk(host, members[0], (0, 6000, 1))
    await walk(host, members[0], (0, 5000, 1), install=WATCH)
    await counted(host)
    largest = await team_steps(host, one)
    await choose(host, members[0], WATCH)
    await counted(host)
    chosen = await team_steps(host, one)
    await host.seal()
    await choose(host, members[0], None)
    await counted(host)

    assert [largest, chosen, await team_steps(host, one)] == [{(SALES, TODAY): steps} for steps in (6000, 5000, 6000)]
