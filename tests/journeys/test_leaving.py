"""How it ends: somebody leaves, somebody dies, the time of retention passes, and nothing of either is left."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import warifu
from journeys.office import Office, refused
from protocol.names import AUTHORITIES, HOSTS, STORES
from registrar.roster_member import Member
from registrar.rules import Rules
from rooms.registrar.lives import member_with
from rooms.registrar.paperwork import row
from support.platform_authenticator import PlatformAuthenticator

LEAVES, DIES, STAYS = 1, 2, 3
EVERYBODY = {LEAVES, DIES, STAYS}


@dataclass
class Somebody:
    """A member with a passkey, and what the hosts know them by."""

    phone: PlatformAuthenticator
    member: Member
    marks: dict[str, set[str]]
    """In hexadecimal, by host: references, tokens, ids of ways in."""


def retired(number: int, /, **changes: object) -> Any:
    return row(number, **{"work_id": "", "qualification": "3", "birth_date": date(1950, 4, number), **changes})


async def settle(town: Office, device: warifu.Client, number: int) -> Somebody:
    """Let a member sign in with a letter, write at both stores, and add a passkey."""
    phone, letter = PlatformAuthenticator(), warifu.CodeWay(await town.letter(f"101:{number}:00"))
    member = member_with(town.hosts, number)
    async with await device.sign_in(letter) as session:
        await session.put_vitals([warifu.Measurement(town.today, "body-weight", Decimal(60 + number))])
        await session.put_steps([warifu.DaySteps(town.today, 1000 * number)])
        await session.wish(telephone="00-0000-0001")
        added = await session.add_passkey(phone, letter, "電話")
        marks: dict[str, set[str]] = {host: {member.refs[host].hex(), added.id.hex()} for host in AUTHORITIES}
        marks["gateway"] |= {member.refs[host].hex() for host in AUTHORITIES}
        for store, mailbox in session._keys().stores.items():
            marks[store] = {mailbox.seed.token.hex()}
    return Somebody(phone, member, marks)


async def left_of(town: Office, somebody: Somebody) -> list[str]:
    """Return the hosts that still hold something of a member."""
    return [host for host in HOSTS if await holds(town, host, set().union(*somebody.marks.values()))]


async def holds(town: Office, host: Any, marks: set[str]) -> bool:
    text = await town.everything(host)
    return any(mark in text for mark in marks)


async def test_nothing_is_left_of_who_left_and_who_died(town: Office) -> None:
    """Access ends on its day, for the dead at once, open sessions with it; years later nothing of either is at any host."""
    begun = town.today
    last = begun + timedelta(days=30)
    await town.take_in(*map(retired, sorted(EVERYBODY)), checkups=town.checkup(DIES, date(1950, 4, DIES), "151.5"))
    async with town.device() as device:
        people = {number: await settle(town, device, number) for number in sorted(EVERYBODY)}
        assert [await left_of(town, somebody) for somebody in people.values()] == [list(HOSTS)] * 3

        # One dies, with a session open on a device at home. One leaves at the end of the month.
        at_home = await device.sign_in(warifu.Passkey(people[DIES].phone))
        table = [retired(LEAVES, lost=last), retired(DIES, lost=begun, loss_reason="死亡"), retired(STAYS)]
        await town.take_in(*table)
        await town.events()
        with pytest.raises(warifu.SessionEnded):
            await at_home.ways()
        assert at_home.ended
        assert await refused(device, warifu.Passkey(people[DIES].phone)) == "access_denied"

        # Who leaves signs in until the day, and no session outlasts it.
        town.pass_until(last, before=timedelta(minutes=10))
        session = await device.sign_in(warifu.Passkey(people[LEAVES].phone))
        assert [one.steps for one in await session.steps(begun, begun)] == [1000 * LEAVES]
        town.pass_time(timedelta(minutes=11))
        with pytest.raises(warifu.SessionEnded):
            await session.steps(begun, begun)
        assert await refused(device, warifu.Passkey(people[LEAVES].phone)) == "access_denied"

        # The time of retention passes for the one, then for the other.
        town.pass_until(Rules().erased_from(begun) - timedelta(days=1))
        assert (await town.events()).done["erasure"] == 0
        town.pass_time(timedelta(days=1))
        assert (await town.events()).done["erasure"] == 1
        assert [await left_of(town, people[number]) for number in (DIES, LEAVES)] == [[], list(HOSTS)]
        town.pass_time(timedelta(days=32))
        assert (await town.events()).done["erasure"] == 1
        assert [await left_of(town, people[number]) for number in (DIES, LEAVES)] == [[], []]
        assert [await town.hosts.count(host, "account") for host in AUTHORITIES] == [1, 1, 1]
        assert [await town.hosts.count(store, "mailbox") for store in STORES] == [1, 1]

        # The roster knows the numbers alone, and nobody is enrolled again by an old table.
        again = await town.take_in(*table)
        assert ([line.code for line in again.lines], again.members_enrolled) == (["erased", "erased"], 0)
        async with await device.sign_in(warifu.Passkey(people[STAYS].phone)) as session:
            assert [one.steps for one in await session.steps(begun, begun)] == [1000 * STAYS]
            assert [one.value for one in await session.vitals(begun, begun)] == [Decimal(60 + STAYS)]
