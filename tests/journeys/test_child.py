"""A child whose guardian has no work account: the guardian's letter, the eighteenth birthday, the child's own way in."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import warifu
from journeys.office import DAY, Office, refused
from protocol.names import AUTHORITIES
from registrar.guardians import UNTIL
from registrar.importers import EligibilityRow
from rooms.registrar.paperwork import row
from support.platform_authenticator import PlatformAuthenticator

MINUTES = timedelta(minutes=5)


def family(born: date) -> tuple[EligibilityRow, EligibilityRow]:
    """Return a parent without a work account, and a child."""
    parent = row(2, work_id="", qualification="3", kanji_name="架空谷 おや子")
    child = row(2, branch="01", relation="child", qualification="4", work_id="", birth_date=born, kanji_name="架空谷 ぴよ子")
    return parent, child


async def weigh(session: warifu.MemberSession, day: date, kilograms: str) -> None:
    await session.put_vitals([warifu.Measurement(day, "body-weight", Decimal(kilograms))])


async def weights(session: warifu.MemberSession, day: date) -> list[Decimal]:
    return [vital.value for vital in await session.vitals(day - DAY, day + DAY)]


async def test_a_child_comes_of_age(town: Office) -> None:
    """What the guardian wrote stays; every way in of the guardian's ends that day, and the child's own letter takes over."""
    begun = town.today
    birthday = (begun + timedelta(days=50)).replace(day=15)
    await town.take_in(*family(birthday.replace(year=birthday.year - 18)))
    by_page = {"ぴよ子" in letter.text: letter.code for letter in await town.print(everyone=True)}
    phone, own_phone, childs_phone = PlatformAuthenticator(), PlatformAuthenticator(), PlatformAuthenticator()
    async with town.device() as device:
        # The guardian signs in for the child, and apart from that for themself.
        async with await device.sign_in(warifu.CodeWay(by_page[True])) as session:
            await weigh(session, begun, "51.5")
            await session.add_passkey(phone, warifu.CodeWay(by_page[True]), "親の電話")
            (added,) = await session.ways()
            assert (session.profile.name, session.profile.relation) == ("架空谷 ぴよ子", "dependant")
            assert added.guardian_until is not None
            assert int(added.guardian_until.timestamp()) == UNTIL
        async with await device.sign_in(warifu.CodeWay(by_page[False])) as session:
            await weigh(session, begun, "62.5")
            await session.add_passkey(own_phone, warifu.CodeWay(by_page[False]), "電話")
            assert (session.profile.name, await weights(session, begun)) == ("架空谷 おや子", [Decimal("62.5")])

        # Minutes before midnight the guardian is in; after it the office says so, and prints the child's letter.
        town.pass_until(birthday, before=MINUTES)
        assert ((await town.events()).done["guardian-end"], await town.print(everyone=True)) == (0, [])
        guardians = await device.sign_in(warifu.Passkey(phone))
        kept = guardians._keys().authorities
        town.pass_time(2 * MINUTES)
        assert await town.print(everyone=True) == []
        assert (await town.events()).done["guardian-end"] == 1
        (takeover,) = await town.print(everyone=True)
        assert await refused(device, warifu.Passkey(phone)) == "access_denied"
        assert await town.print(everyone=True) == []
        for host in AUTHORITIES:
            # A device that forgets nothing gets no token any more: the letter cannot be cancelled by who must not even see it.
            with pytest.raises(warifu.SessionEnded):
                await kept.call(host, "GET", "/verifiers")
        with pytest.raises(warifu.SessionEnded):
            await guardians.ways()

        # The letter is the child's alone, and opens a day later.
        assert await refused(device, warifu.CodeWay(takeover.code)) == "access_denied"
        town.pass_time(DAY)
        async with await device.sign_in(warifu.CodeWay(takeover.code)) as session:
            assert (session.profile.name, await weights(session, begun)) == ("架空谷 ぴよ子", [Decimal("51.5")])
            await session.add_passkey(childs_phone, warifu.CodeWay(takeover.code), "自分の電話")
            await session.change_keys()
            assert [way.label for way in await session.ways() if way.guardian_until is None] == ["自分の電話"]
        assert await refused(device, warifu.Passkey(phone)) == "access_denied"
        assert await refused(device, warifu.CodeWay(by_page[True])) == "access_denied"
        for mine, kilograms in ((childs_phone, "51.5"), (own_phone, "62.5")):
            async with await device.sign_in(warifu.Passkey(mine)) as session:
                assert await weights(session, begun) == [Decimal(kilograms)]
                assert session.recoveries == ()
