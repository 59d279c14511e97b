"""The week flag: one a member and week, by consent, set without making anybody wait, and telling nothing finer."""

import random
from datetime import date, timedelta

import pytest
from anon_data.portal_use import PortalUse, monday
from anon_data.store.portal_weeks import WEEKS_KEPT
from chassis.seal import seal
from support.store_host import NOW, Member, StoreHost

from .test_consents import decide

WEEK = date(2026, 11, 16)
MEMBERS = 60


async def _flag(host: StoreHost) -> None:
    use: PortalUse = host.app.state.portal_use
    await use.flag(host.app.state.db)


async def _seal_at(host: StoreHost, days: int) -> None:
    now = int((NOW + timedelta(days=days)).timestamp())
    await seal(host.urls.owner_url, *host.service.sealing, now=now)


async def _read_on(host: StoreHost, member: Member, days: int) -> None:
    host.clock.instant = NOW + timedelta(days=days)
    assert (await host.as_member(member, "GET", "/me/checkups")).status_code == 200


async def _flags(host: StoreHost) -> list[tuple[bytes, date]]:
    rows = await host.rows("SELECT token, week FROM portal_week UNION ALL SELECT token, week FROM portal_week_inbox")
    return sorted((row["token"], row["week"]) for row in rows)


async def test_one_flag_a_week_by_consent(host: StoreHost) -> None:
    """Of two who read, only the one who agreed has a flag, one however often they read; nothing is written while they wait."""
    agreed, silent = await host.member(), await host.member()
    await decide(host, agreed, "portal-use")
    for member in (agreed, silent, agreed):
        await _read_on(host, member, 0)
    waiting = await _flags(host)
    await _flag(host)
    await _read_on(host, agreed, 1)
    await _flag(host)

    assert (waiting, await _flags(host)) == ([], [(agreed.token, WEEK)])


@pytest.mark.parametrize("path", ["/me/messages", f"/me/vitals?since={WEEK}&until={WEEK}", f"/me/notes?since={WEEK}&until={WEEK}"])
async def test_whatever_is_read(host: StoreHost, path: str) -> None:
    """Every page of the member's own counts as reading."""
    member = await host.member()
    await decide(host, member, "portal-use")
    assert (await host.as_member(member, "GET", path)).status_code == 200
    await _flag(host)

    assert await _flags(host) == [(member.token, WEEK)]


@pytest.mark.parametrize("path", ["/fhir/Patient/me", "/fhir/Patient/me/$everything", "/fhir/Observation?code=8867-4"])
async def test_reading_in_fhir(host: StoreHost, path: str) -> None:
    """FHIR is another form of the same pages."""
    member = await host.member()
    await decide(host, member, "portal-use")
    assert (await host.as_member(member, "GET", path)).status_code == 200
    await _flag(host)

    assert await _flags(host) == [(member.token, WEEK)]


@pytest.mark.parametrize("path", ["/me/checkups", "/fhir/Patient/me"])
async def test_a_refused_request_is_no_reading(host: StoreHost, path: str) -> None:
    """Nobody is flagged by a request that another key signed."""
    member = await host.member()
    await decide(host, member, "portal-use")
    await host.signed(Member(member.seed).reader, member.token, "GET", path)
    await _flag(host)

    assert await _flags(host) == []


async def test_a_withdrawal_takes_the_flags_along(host: StoreHost) -> None:
    """Flags of all weeks go with the consent, also one that was on its way."""
    member = await host.member()
    await decide(host, member, "portal-use")
    await _read_on(host, member, 0)
    await _flag(host)
    await _seal_at(host, 7)
    await _read_on(host, member, 7)
    await _flag(host)
    before = await _flags(host)
    await decide(host, member, "portal-use", given=False)
    await _flag(host)

    assert (len(before), await _flags(host)) == (2, [])


async def test_a_flag_that_came_after_the_withdrawal(host: StoreHost) -> None:
    """What was on its way while somebody withdrew is gone with the next fold."""
    member = await host.member()
    await host.rows("INSERT INTO portal_week_inbox VALUES ($1, $2)", member.token, WEEK)
    await host.seal()

    assert await _flags(host) == []


async def test_old_weeks_go(host: StoreHost) -> None:
    """The fold keeps a year."""
    member = await host.member()
    await decide(host, member, "portal-use")
    await _read_on(host, member, 0)
    await _flag(host)
    await _seal_at(host, 7 * WEEKS_KEPT)
    kept = len(await _flags(host))
    await _seal_at(host, 7 * (WEEKS_KEPT + 1))

    assert (kept, await _flags(host)) == (1, [])


async def test_no_day_is_in_a_week(host: StoreHost) -> None:
    """Members read on different days, with a seal after each: neither during the week nor later does a row tell day or order.

    All rows of the running week are written by the last seal's one transaction, those of a past week by the one that moved them.
    """
    members = [Member.new(host.store) for _ in range(MEMBERS)]
    await host.enrol(members)
    for member in members:
        await decide(host, member, "portal-use")
    random.Random(7).shuffle(members)
    for day in range(3):
        for member in members[day::3]:
            await _read_on(host, member, day)
        await _flag(host)
        await _seal_at(host, day)
        running = await host.rows("SELECT token, xmin::text AS xmin FROM portal_week_inbox ORDER BY ctid")
        assert len({row["xmin"] for row in running}) == 1
        assert [row["token"] for row in running] != sorted(row["token"] for row in running)
    await _seal_at(host, 4)
    past = await host.rows("SELECT token, xmin::text AS xmin FROM portal_week ORDER BY ctid")
    columns = await host.rows("SELECT attname FROM pg_attribute WHERE attrelid = 'portal_week'::regclass AND attnum > 0")

    assert [row["token"] for row in past] == sorted(member.token for member in members)
    assert (len({row["xmin"] for row in past}), await host.rows("SELECT FROM portal_week_inbox")) == (1, [])
    assert {row["attname"] for row in columns} == {"token", "week"}


def test_weeks_begin_on_monday() -> None:
    """ISO 8601: also around the turn of a year."""
    assert [monday(date(2026, 12, day)) for day in (27, 28, 31)] == [date(2026, 12, 21), date(2026, 12, 28), date(2026, 12, 28)]
    assert monday(date(2027, 1, 3)) == date(2026, 12, 28)
