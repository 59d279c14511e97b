"""Somebody without a work account, from the first letter on: the phone is lost, the card is lost, and somebody else tries."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import warifu
from journeys.office import DAY, PIN, Office, office, refused, typed
from protocol.names import AUTHORITIES
from rooms.registrar.paperwork import row
from support.key_stores import BOTH_STORES, KeyStore
from support.platform_authenticator import PlatformAuthenticator
from support.postgres import ThrowawayCluster

NUMBER = "101:1:00"
BIRTH = date(1955, 4, 1)


@pytest.fixture
async def retiree(cluster: ThrowawayCluster, tmp_path: Path, key_store: KeyStore) -> AsyncIterator[Office]:
    """Open an office that knows one retiree, and a checkup of theirs."""
    async with office(cluster, tmp_path, key_store) as opened:
        person = row(1, work_id="", qualification="3", birth_date=BIRTH)
        await opened.take_in(person, checkups=opened.checkup(1, BIRTH, "161.5"))
        yield opened


async def seen(session: warifu.MemberSession, day: date) -> tuple[str, list[Decimal | None], list[Decimal], list[int]]:
    """Return a name, the values of checkups, of weights and of steps."""
    checkups = await session.checkups()
    values = [one.value for checkup in checkups.checkups for one in checkup.observations]
    weights = [vital.value for vital in await session.vitals(day - DAY, day + DAY)]
    return session.profile.name, values, weights, [one.steps for one in await session.steps(day - DAY, day + DAY)]


@BOTH_STORES
async def test_phone_and_card_are_lost_and_nothing_else(retiree: Office) -> None:
    """Letter, passkey, card; each that is lost opens nothing any more, and after a recovery everything is there.

    The same with the authorities' keys in files and in PKCS#11 tokens.
    """
    phone, new_phone, card, day = PlatformAuthenticator(), PlatformAuthenticator(), warifu.Card.fresh(), retiree.today
    letter = await retiree.letter(NUMBER)
    async with retiree.device() as device:
        async with await device.sign_in(warifu.CodeWay(letter)) as session:
            await session.put_vitals([warifu.Measurement(day, "body-weight", Decimal("58.4"))])
            await session.put_steps([warifu.DaySteps(day, 7000)])
            added = await session.add_passkey(phone, warifu.CodeWay(letter), "電話")
            written = await seen(session, day)
        assert await refused(device, warifu.CodeWay(letter)) == "access_denied"

        async with await device.sign_in(warifu.Passkey(phone)) as session:
            await session.add_card(card, PIN, warifu.Passkey(phone), "財布")

        # The phone is lost: what its finder has opens nothing.
        async with await device.sign_in(warifu.CodeWay(typed(card.text), PIN)) as session:
            await session.remove_way(added.id, warifu.CodeWay(typed(card.text), PIN))
        assert await refused(device, warifu.Passkey(phone)) == "access_denied"

        # Somebody else talks the office into a letter. The member sees it at the next sign-in and cancels it.
        stolen = await retiree.letter(NUMBER)
        assert await refused(device, warifu.CodeWay(stolen)) == "access_denied"
        async with await device.sign_in(warifu.CodeWay(card.text, PIN)) as session:
            (recovery,) = session.recoveries
            await session.cancel_recovery(recovery.id, warifu.CodeWay(card.text, PIN))
        retiree.pass_time(DAY + timedelta(minutes=1))
        assert await refused(device, warifu.CodeWay(stolen)) == "access_denied"

        # The card is lost as well, and this time it is the member who asks. Who finds the card lacks its PIN.
        recovered = await retiree.letter(NUMBER)
        assert await refused(device, warifu.CodeWay(recovered)) == "access_denied"
        assert await refused(device, warifu.CodeWay(card.text, "123456")) == "access_denied"
        retiree.pass_time(DAY + timedelta(minutes=1))
        assert await refused(device, warifu.CodeWay(stolen)) == "access_denied"
        async with await device.sign_in(warifu.CodeWay(recovered)) as session:
            await session.add_passkey(new_phone, warifu.CodeWay(recovered), "新しい電話")
            lost = next(way for way in await session.ways() if way.kind == "card")
            await session.remove_way(lost.id, warifu.Passkey(new_phone))
        assert await refused(device, warifu.CodeWay(card.text, PIN)) == "access_denied"
        assert await refused(device, warifu.CodeWay(recovered)) == "access_denied"

        async with await device.sign_in(warifu.Passkey(new_phone)) as session:
            assert await seen(session, day) == written
            assert [(way.kind, way.label) for way in await session.ways()] == [("passkey", "新しい電話")]
    assert written == ("架空谷 もふ太郎", [Decimal("161.5")], [Decimal("58.4")], [7000])
    assert [await retiree.hosts.count(host, "verifier") for host in AUTHORITIES] == [1, 1, 1]
