"""Life events at the five hosts in this process, on real databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from protocol.messages.profiles import ProfileFields, update_info
from protocol.names import AUTHORITIES
from registrar.errors import RegistrarError
from registrar.events import run_events
from registrar.importers import EligibilityRow
from registrar.roster_member import Member
from registrar.rules import midnight
from registrar.run import Desk
from rooms.registrar.five_hosts import FiveHosts, Killed
from rooms.registrar.paperwork import row, write_table
from rooms.registrar.test_enrol_hosts import members

TODAY = date(2026, 11, 26)
LEFT = date(2026, 10, 1)


def desk(hosts: FiveHosts, day: date = TODAY) -> Desk:
    return Desk(hosts.papers.home, hosts.papers.deployment, hosts.papers.officers, mounts=hosts.mounts, today=day)


async def given(hosts: FiveHosts, folder: Path, *rows: EligibilityRow, day: date = TODAY) -> None:
    await hosts.run(write_table(folder / "eligibility.csv", rows), today=day)


async def sign_in(hosts: FiveHosts, *members: Member) -> None:
    """Do to the databases what a first sign-in does."""
    for one in members:
        for host in AUTHORITIES:
            await hosts.rows(host, "UPDATE account SET ever_released = true WHERE ref = $1", one.refs[host])


def one(hosts: FiveHosts, number: int, branch: str = "00") -> Member:
    return next(each for each in members(hosts) if (each.current.number, each.current.branch) == (str(number), branch))


async def access(hosts: FiveHosts, member: Member) -> list[tuple[int | None, int | None]]:
    found = []
    for host in AUTHORITIES:
        query = "SELECT access_ends, (SELECT min(expires) FROM verifier v WHERE v.ref = a.ref AND kind = 'oidc') FROM account a WHERE ref = $1"
        found += [(ends, work) for ends, work in await hosts.rows(host, query, member.refs[host])]
    return found


async def test_who_leaves_has_access_until_the_rules_say(hosts: FiveHosts, tmp_path: Path) -> None:
    """Access and work account end on the first day without membership at all three; nobody else's do; a second run does nothing."""
    (hosts.papers.home / "rules.toml").write_text("access_after_leaving_days = 200\n", encoding="utf-8")
    await given(hosts, tmp_path, row(1), row(2))
    await given(hosts, tmp_path, row(1, lost=LEFT), row(2))
    first = await run_events(desk(hosts))
    hosts.calls.clear()
    again = await run_events(desk(hosts))

    expected = (midnight(LEFT + timedelta(days=200)), midnight(LEFT))
    assert (first.done["access"], again.done.total(), hosts.calls) == (1, 0, [])
    assert await access(hosts, one(hosts, 1)) == [expected] * 3
    assert await access(hosts, one(hosts, 2)) == [(None, None)] * 3
