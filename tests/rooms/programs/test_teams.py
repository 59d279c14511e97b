"""Free teams: captains, invitation codes, names that members show to each other."""

import asyncio
from datetime import timedelta

import pytest
from programs import names
from protocol.messages.contests import AskContest, ExcuseContest, LeaveContest
from support.store_host import StoreHost, problem

from .walking import TODAY, contest, enter, managed, own_ranking, people, published, ranking, walk

CODE, OTHER = "abcdefgh234567ab", "zzzzzzzz777777zz"


async def test_a_code_brings_friends_together(host: StoreHost) -> None:
    """A captain forms a team, whoever has its code joins, and nobody sees more of the others than nicknames they chose."""
    one = contest(teams="free")
    await managed(host, one)
    captain, friend, quiet, stranger = await people(host, 4)
    answers = [
        await enter(host, captain, one, team_name="東海道 (架空)", code=CODE, nickname="いちろう"),
        await enter(host, friend, one, code=CODE, nickname="Momo"),
        await enter(host, quiet, one, code=CODE),
        await enter(host, stranger, one, code=OTHER),
        await enter(host, stranger, one),
        await enter(host, stranger, one, team_name="別の会 (架空)", code=CODE),
    ]
    seen = await host.as_member(quiet, "POST", "/me/contests/team", AskContest(contest=one.id))
    outside = await host.as_member(stranger, "POST", "/me/contests/team", AskContest(contest=one.id))
    own = (await host.as_member(captain, "GET", "/me/contests")).json()["contests"]

    assert [answer.status_code for answer in answers] == [204, 204, 204, 409, 409, 409]
    assert [answer.json()["reason"] for answer in answers[3:]] == ["code", "no-team", "code"]
    assert seen.json() == {"nicknames": ["Momo", "いちろう"]}
    assert problem(outside) == (409, "entry-refused")
    assert [(each["captain"], each["nickname"], each["excused"]) for each in own] == [(True, "いちろう", False)]


async def test_the_last_place_is_taken_once(host: StoreHost) -> None:
    """Of eight who use a code at once no more come in than the team has places."""
    one = contest(teams="free", largest_team=4)
    await managed(host, one)
    captain, *others = await people(host, 9)
    await enter(host, captain, one, team_name="満員 (架空)", code=CODE)
    answers = await asyncio.gather(*(enter(host, member, one, code=CODE) for member in others))

    assert sorted(answer.status_code for answer in answers) == [204] * 3 + [409] * 5
    assert {answer.json()["reason"] for answer in answers if answer.status_code == 409} == {"full"}


async def test_small_teams_are_pooled(host: StoreHost) -> None:
    """Teams of friends are ranked among themselves without any number; top scores take the best members alone."""
    one = contest(teams="free", score="top", top=2)
    await managed(host, one)
    first, second = await people(host, 3), await people(host, 3)
    for code, team, steps in ((CODE, first, (9000, 9000, 1)), (OTHER, second, (8000, 8000, 8000))):
        for number, member in enumerate(team):
            await enter(host, member, one, code=code, team_name=f"班 {code[0]}" if number == 0 else None)
            await walk(host, member, (0, steps[number], 1))
    await published(host)
    page, own = await ranking(host, first[0], one, league=0), await own_ranking(host, second[0], one)

    assert [(row["name"], row["place"], row["score"], row["participation"]) for row in page["rows"]] == [
        ("班 a", 1, None, None),
        ("班 z", 2, None, None),
    ]
    assert (own["own"]["place"], own["participation"], own["page"]["league"]) == (2, None, 0)


async def test_large_teams_of_friends_show_their_score(host: StoreHost) -> None:
    """From ten active members on a number is told: all steps, rounded, in a contest of totals."""
    one = contest(teams="free", score="total")
    await managed(host, one)
    team = await people(host, 10)
    for number, member in enumerate(team):
        await enter(host, member, one, code=CODE, team_name="大きな会 (架空)" if number == 0 else None)
        await walk(host, member, (0, 1001, 1))
    await published(host)
    page = await ranking(host, team[0], one)

    assert [(row["place"], row["score"], row["active_average"]) for row in page["rows"]] == [(1, 10_010, 130)]


async def test_teams_stay_as_they_are_once_it_has_begun(host: StoreHost) -> None:
    """Before the first day a member may change teams; from then on not, and after the entry window nobody comes in."""
    one = contest(teams="free", first=TODAY + timedelta(days=1), enter_until=TODAY + timedelta(days=2))
    await managed(host, one)
    captain, rival, member, late = await people(host, 4)
    await enter(host, captain, one, team_name="一班", code=CODE)
    await enter(host, rival, one, team_name="二班", code=OTHER)
    moved = [(await enter(host, member, one, code=code)).status_code for code in (CODE, OTHER, CODE)]
    host.clock.advance(timedelta(days=1))
    begun = await enter(host, member, one, code=OTHER)
    host.clock.advance(timedelta(days=2))
    closed = await enter(host, late, one, code=CODE)
    renamed = await enter(host, member, one, nickname="あとから")

    assert moved == [204, 204, 204]
    assert [begun.json()["reason"], closed.json()["reason"], renamed.status_code] == ["begun", "closed", 204]


async def test_what_a_contest_does_not_know(host: StoreHost) -> None:
    """Unknown contests, members without a unit, and being counted out of a free team are refused with a reason."""
    units, free = contest(), contest(teams="free")
    await managed(host, units, free)
    member = await host.member()
    answers = [
        await enter(host, member, contest()),
        await enter(host, member, units),
        await host.as_member(member, "PUT", "/me/contests/excuse", ExcuseContest(contest=free.id)),
        await host.as_member(member, "POST", "/me/contests/leaving", LeaveContest(contest=free.id)),
        await enter(host, member, free, team_name="tel 090-1234-5678"[:20], code=CODE),
    ]

    assert problem(answers[0]) == (404, "contest-unknown")
    assert [answer.json()["reason"] for answer in answers[1:]] == ["no-unit", "units-only", "no-entry", "name"]


@pytest.mark.parametrize("name", ["a@example.test", "www.example", "0901234", "公式アカウント", "Ａｄｍｉｎ", "ば か", "S.h.i.t"])
def test_names_that_are_not_shown(name: str) -> None:
    """Addresses, numbers of a person, the insurer's voice and insults, also when they are dressed up."""
    assert names.refused(name)


@pytest.mark.parametrize("name", ["いちろう", "Team 21", "歩く会", "3班", "Momo"])
def test_names_that_are_shown(name: str) -> None:
    """Ordinary names."""
    assert not names.refused(name)
