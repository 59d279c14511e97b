"""Ways in other than the group's, and changes of keys: real services, real databases, one member from letter to card."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
import warifu
from journeys.letters import send_letter
from local.system import System
from protocol.code import Code
from protocol.deployment import Deployment
from support.platform_authenticator import PlatformAuthenticator

TODAY = datetime.now(UTC).date()
PIN = "架空の合言葉"


@pytest.fixture
async def client(system: System) -> AsyncIterator[warifu.Client]:
    async with warifu.Client(Deployment.load(system.deployment_path)) as opened:
        yield opened


async def refused(client: warifu.Client, way: warifu.Way) -> tuple[str, str | None]:
    with pytest.raises(warifu.EvidenceRefused) as caught:
        await client.sign_in(way)
    return caught.value.reason, caught.value.host


def kinds(ways: tuple[warifu.WayIn, ...]) -> list[tuple[str, str | None, bool]]:
    return sorted((way.kind, way.label, way.confirmed) for way in ways)


async def test_from_a_letter_to_a_card(system: System, client: warifu.Client) -> None:
    """A dependant signs in with the letter, adds a passkey and a card, removes the passkey, changes keys, and reads and writes."""
    letter = await send_letter(system, 0)
    authenticator, card = PlatformAuthenticator(), warifu.Card.fresh()

    async with await client.sign_in(warifu.CodeWay(letter.text)) as session:
        assert session.profile.relation == "dependant"
        added = await session.add_passkey(authenticator, warifu.CodeWay(letter), "電話")
        assert (added.confirmed, kinds(await session.ways())) == (True, [("passkey", "電話", True)])
    assert await refused(client, warifu.CodeWay(letter)) == ("access_denied", "gateway")

    async with await client.sign_in(warifu.Passkey(authenticator)) as session:
        await session.add_card(card, PIN, warifu.Passkey(authenticator), "財布")
        await session.remove_way(added.id, warifu.CodeWay(card.code, PIN))
        with pytest.raises(warifu.HostRefused, match="last-verifier"):
            await session.remove_way((await session.ways())[0].id, warifu.CodeWay(card.code, PIN))
    assert await refused(client, warifu.Passkey(authenticator)) == ("access_denied", "gateway")
    assert await refused(client, warifu.CodeWay(card.code, "123456")) == ("access_denied", "gateway")

    async with await client.sign_in(warifu.CodeWay(card.text, PIN)) as session:
        await session.put_vitals([warifu.Measurement(TODAY, "body-weight", Decimal("55.5"))])
        await session.change_keys()
        await session.checkups()
        await session.put_vitals([warifu.Measurement(TODAY, "systolic", Decimal(118))])
        await session.put_steps([warifu.DaySteps(TODAY, 4242)])
        read = [(vital.kind, vital.value) for vital in await session.vitals(TODAY, TODAY)]
        assert kinds(await session.ways()) == [("card", "財布", True)]

    assert sorted(read) == [("body-weight", Decimal("55.5")), ("systolic", Decimal(118))]


async def test_a_refused_sign_in_says_nothing_of_the_code(system: System, client: warifu.Client) -> None:
    """A code that nobody has, one that is somebody's with a PIN that is not: the same answer from the same host, byte for byte."""
    letter = await send_letter(system, 1)
    answers = []
    for code in (letter, Code.fresh()):
        bodies: list[tuple[int, bytes]] = []

        async def keep(answer: httpx.Response, bodies: list[tuple[int, bytes]] = bodies) -> None:
            bodies.append((answer.status_code, await answer.aread()))

        http = httpx.AsyncClient(event_hooks={"response": [keep]})
        async with http, warifu.Client(Deployment.load(system.deployment_path), http=http) as watched:
            await refused(watched, warifu.CodeWay(code, "123456"))
        answers.append(bodies)

    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]] == [400]
    async with await client.sign_in(warifu.CodeWay(letter)) as session:
        assert session.ended is False


async def test_log_out_everywhere_and_change_keys(system: System, client: warifu.Client) -> None:
    """A device that is lost reads nothing any more, neither with its session nor with its reader keys."""
    letter = await send_letter(system, 2)
    lost = await client.sign_in(warifu.CodeWay(letter))
    await lost.put_steps([warifu.DaySteps(TODAY, 9000)])
    kept = lost._keys().stores["programs"]
    here = await client.sign_in(warifu.CodeWay(letter))
    await here.change_keys()
    await here.log_off_everywhere()
    with pytest.raises(warifu.SessionEnded):
        await lost.steps(TODAY, TODAY)
    with pytest.raises(warifu.HostRefused, match="reader-unknown"):
        await kept.call("GET", "/me/step-days", query={"since": TODAY, "until": TODAY})
    lost._drop()
    async with await client.sign_in(warifu.CodeWay(letter)) as session:
        await session.put_steps([warifu.DaySteps(TODAY, 100)])
        steps = [day.steps for day in await session.steps(TODAY, TODAY)]

    assert steps == [100]


async def test_an_open_session_follows_a_change_of_keys(system: System, client: warifu.Client) -> None:
    """Another device changed the keys twice: the open one takes up the new ones and goes on."""
    letter = await send_letter(system, 3)
    async with await client.sign_in(warifu.CodeWay(letter)) as first, await client.sign_in(warifu.CodeWay(letter)) as second:
        await second.change_keys()
        await second.change_keys()
        await first.put_steps([warifu.DaySteps(TODAY, 77)])
        steps = [day.steps for day in await second.steps(TODAY, TODAY)]

    assert steps == [77]


async def test_a_wish_reaches_identity(system: System, client: warifu.Client) -> None:
    """What is wanted changed is taken; the newest one stands."""
    letter = await send_letter(system, 4)
    async with await client.sign_in(warifu.CodeWay(letter)) as session:
        await session.wish(telephone="03-0000-0000")
        await session.wish(address="架空県架空市1-1", postcode="100-0001")

    assert session.ended is True
