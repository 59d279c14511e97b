"""Levels of participation at anon-data: by consent, of the last half-year, once, gone with the consent; analysis reads them."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import httpx
from protocol.messages.participation import TellParticipation
from protocol.participation import Level
from support.store_host import Member, StoreHost, problem

from .test_analysis import analyst
from .test_consents import decide

HALF = date(2026, 4, 1)


async def tell(host: StoreHost, member: Member, said: Level, first: date = HALF) -> httpx.Response:
    return await host.as_member(member, "PUT", "/me/participation", TellParticipation(first=first, level=said))


async def levels(host: StoreHost, member: Member) -> list[tuple[str, str]]:
    answer = await host.as_member(member, "GET", "/me/participation")
    return [(one["first"], one["level"]) for one in answer.json()["levels"]]


async def test_it_is_told_once(host: StoreHost) -> None:
    """The first word stays, whatever is told later, many at once or after a seal; another half-year is another word."""
    member = await host.member()
    await decide(host, member, "analysis")
    together = await asyncio.gather(*(tell(host, member, "some") for _ in range(8)))
    first = [await tell(host, member, "regular"), await tell(host, member, "none")]
    await host.seal()
    again = await tell(host, member, "none")
    host.clock.advance(timedelta(days=150))
    await tell(host, member, "none", date(2026, 10, 1))

    assert {answer.status_code for answer in (*together, *first, again)} == {200}
    assert await levels(host, member) == [("2026-10-01", "none"), ("2026-04-01", "some")]
    assert len(await host.rows("SELECT FROM participations")) == 2


async def test_only_who_agreed(host: StoreHost) -> None:
    """Without the consent, or with one to a text that does not speak of it, nothing is kept; withdrawn, all of it goes."""
    member = await host.member()
    none = await tell(host, member, "some")
    await decide(host, member, "analysis")
    await host.rows("UPDATE consent SET version = 1")
    old = await tell(host, member, "some")
    await decide(host, member, "analysis")
    for seals in (False, True):
        assert (await tell(host, member, "some")).status_code == 200
        if seals:
            await host.seal()
        await decide(host, member, "analysis", given=False)
        assert await levels(host, member) == []
        await decide(host, member, "analysis")

    assert [(problem(answer), answer.json()["purpose"]) for answer in (none, old)] == [((403, "consent-missing"), "analysis")] * 2


async def test_only_the_last_half_year(host: StoreHost) -> None:
    """Neither one that runs nor an older one; where it has ended in Japan and not yet in UTC, both."""
    member = await host.member()
    await decide(host, member, "analysis")
    answers = [await tell(host, member, "some", first) for first in (date(2026, 10, 1), date(2025, 10, 1), date(2026, 4, 2))]
    host.clock.instant = datetime(2027, 3, 31, 20, tzinfo=UTC)
    at_midnight = [(await tell(host, member, "some", first)).status_code for first in (date(2026, 10, 1), HALF)]

    assert [problem(answer) for answer in answers] == [(422, "half-year-refused")] * 3
    assert at_midnight == [200, 200]


async def test_analysis_reads_levels_of_who_agreed(host: StoreHost) -> None:
    """Under the name of the day, and no day of telling; rows lie by token, all of one transaction."""
    members = [await host.member() for _ in range(3)]
    for member in members:
        await decide(host, member, "analysis")
        await tell(host, member, "regular")
    await host.seal()
    await host.rows("UPDATE consent SET given = false WHERE token = $1", members[0].token)
    async with analyst(host) as connection:
        rows = await connection.fetch("SELECT * FROM analysis_participation")
        persons = {row["person"] for row in await connection.fetch("SELECT person FROM analysis_person")}
    stored = await host.rows("SELECT token, xmin::text AS xmin FROM participation ORDER BY ctid")

    assert [(*row.keys(),) for row in rows] == [("person", "half", "level", "number")] * 2
    assert [(row["half"], row["level"]) for row in rows] == [(HALF, 2)] * 2
    assert {row["person"] for row in rows} == persons
    assert [row["token"] for row in stored] == sorted(member.token for member in members)
    assert len({row["xmin"] for row in stored}) == 1
