"""Ways in: listed, added, confirmed, removed; recoveries cancelled; and what interrupts it."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
import warifu
from protocol.code import Code
from protocol.encoding import b64u
from protocol.names import AUTHORITIES
from rooms.sdk.agent import WalkingAgent
from rooms.sdk.model.verifiers import Kept
from rooms.sdk.model.world import PROFILE, World
from support.platform_authenticator import PlatformAuthenticator

LETTER = Code(bytes(range(16)))
PIN = "合言葉12345"


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.http() as opened:
        yield opened


@pytest.fixture
async def client(world: World, http: httpx.AsyncClient) -> AsyncIterator[warifu.Client]:
    """The client of a member who has a letter and nothing else."""
    world.letter(LETTER)
    world.without_work_account()
    async with warifu.Client(world.deployment, http=http, clock=world.clock) as opened:
        yield opened


def _kinds(ways: tuple[warifu.WayIn, ...]) -> list[tuple[str, str | None, bool]]:
    return sorted((way.kind, way.label, way.confirmed) for way in ways)


async def test_a_passkey_takes_the_place_of_the_letter(world: World, client: warifu.Client) -> None:
    """Added on the letter's word and confirmed at all three, it uses the letter up and signs in from then on."""
    authenticator = PlatformAuthenticator()
    session = await client.sign_in(warifu.CodeWay(LETTER))
    added = await session.add_passkey(authenticator, warifu.CodeWay(LETTER), "私の電話")
    with pytest.raises(warifu.EvidenceRefused):
        await client.sign_in(warifu.CodeWay(LETTER))
    again = await client.sign_in(warifu.Passkey(authenticator))

    assert (added.confirmed, _kinds(await again.ways())) == (True, [("passkey", "私の電話", True)])
    assert [set(world.authorities[host].keeper.kept) for host in AUTHORITIES] == [{added.id}] * 3


async def test_a_card_signs_in_with_its_pin_alone(client: warifu.Client) -> None:
    """The wrong PIN is refused like an unknown code."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    card = warifu.Card.fresh()
    added = await session.add_card(card, PIN, warifu.CodeWay(LETTER), "財布")
    said = []
    for wrong in ("123456", None):
        with pytest.raises(warifu.EvidenceRefused) as caught:
            await client.sign_in(warifu.CodeWay(card.code, wrong))
        said.append((caught.value.host, caught.value.reason))
    again = await client.sign_in(warifu.CodeWay(card.text, PIN))

    assert (added.confirmed, again.profile, said) == (True, PROFILE, [("gateway", "access_denied")] * 2)


async def test_each_passkey_has_a_user_handle_of_its_own(client: warifu.Client) -> None:
    """A second passkey on the same device does not overwrite the first, and is not taken for it while it is being added."""
    authenticator = PlatformAuthenticator()
    way = warifu.Passkey(authenticator)
    session = await client.sign_in(warifu.CodeWay(LETTER))
    await session.add_passkey(authenticator, warifu.CodeWay(LETTER), "一")
    again = await client.sign_in(way)
    await again.add_passkey(authenticator, way, "二")

    assert len(authenticator.credentials) == 2


async def test_a_way_is_removed_on_another_ones_word(client: warifu.Client) -> None:
    """What is removed signs in no more; the last one stays."""
    authenticator, card = PlatformAuthenticator(), warifu.Card.fresh()
    session = await client.sign_in(warifu.CodeWay(LETTER))
    passkey = await session.add_passkey(authenticator, warifu.CodeWay(LETTER), "電話")
    added = await session.add_card(card, PIN, warifu.Passkey(authenticator), "財布")
    await session.remove_way(passkey.id, warifu.CodeWay(card.code, PIN))
    with pytest.raises(warifu.EvidenceRefused):
        await client.sign_in(warifu.Passkey(authenticator))
    with pytest.raises(warifu.HostRefused) as caught:
        await session.remove_way(added.id, warifu.CodeWay(card.code, PIN))

    assert (caught.value.type, _kinds(await session.ways())) == ("last-verifier", [("card", "財布", True)])


async def test_whoever_finds_an_open_session_changes_nothing(client: warifu.Client) -> None:
    """A change needs the member's word: another code proves nothing."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    with pytest.raises(warifu.EvidenceRefused):
        await session.add_card(warifu.Card.fresh(), PIN, warifu.CodeWay(Code(bytes(16))), "泥棒")

    assert _kinds(await session.ways()) == [("letter", None, True)]


@pytest.mark.parametrize("acts", [False, True])
async def test_interrupted_anywhere_the_next_login_finishes(acts: bool) -> None:
    """A passkey that all three store is confirmed at the next login, by whichever way; else the letter still signs in."""
    ends = []
    for at in range(100):
        world, authenticator = World(), PlatformAuthenticator()
        world.letter(LETTER)
        async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
            session = await client.sign_in(warifu.CodeWay(LETTER))
            start = len(world.faults.log)
            world.faults.cut_at, world.faults.acts = start + at, acts
            added = None
            with contextlib.suppress(warifu.HostUnavailable):
                added = await session.add_passkey(authenticator, warifu.CodeWay(LETTER), "電話")
            world.faults.cut_at = None
            requests = len(world.faults.log) - start
            everywhere = set.intersection(*(set(world.authorities[host].keeper.kept) for host in AUTHORITIES))
            stored = any(world.authorities["gateway"].keeper.kept[one].kind == "passkey" for one in everywhere)
            way: warifu.Way = warifu.Group(WalkingAgent(http)) if stored and at % 2 else warifu.CodeWay(LETTER)
            if stored and added is not None and added.confirmed:
                break
            if all(world.authorities[host].keeper.kept and _letterless(world, host) for host in AUTHORITIES):
                way = warifu.Passkey(authenticator)
            elif any(_letterless(world, host) for host in AUTHORITIES):
                way = warifu.Group(WalkingAgent(http))
            fresh = await client.sign_in(way)
            passkeys = [found.confirmed for found in await fresh.ways() if found.kind == "passkey"]
            ends.append(passkeys in ([[True]] if stored else [[], [False]]))
    else:
        requests = 0

    assert requests == len(ends) == 6
    assert all(ends)


def _letterless(world: World, host: str) -> bool:
    return not any(one.kind == "letter" for one in world.authorities[host].keeper.kept.values())  # type: ignore[index]


@pytest.mark.parametrize("host", AUTHORITIES)
@pytest.mark.parametrize("stored", [None, {"id": b64u(bytes(16))}])
async def test_a_receipt_for_another_way(world: World, client: warifu.Client, host: str, stored: dict[str, str] | None) -> None:
    """An authority that says nothing, or that it stores something else, is an alarm, and nothing is confirmed anywhere."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    lies = world.faults.lies
    lies[f"{host} POST /verifiers/changes"] = lambda true: {"stored": {**true["stored"], **stored}} if stored else {}
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await session.add_card(warifu.Card.fresh(), PIN, warifu.CodeWay(LETTER), "財布")

    assert (caught.value.host, caught.value.reason) == (host, "a receipt for another way to sign in")
    assert not [line for line in world.faults.log if line.endswith("/confirmation")]


@pytest.mark.parametrize(("refusal", "ends"), [("verifier-unknown", False), ("not-now", True)])
async def test_a_confirmation_that_is_refused(world: World, client: warifu.Client, refusal: str, ends: bool) -> None:
    """What was removed on another device meanwhile is left alone; any other refusal ends the sign-in that goes on confirming."""
    card = warifu.Card.fresh()
    added = bytes(16)
    for host, authority in world.authorities.items():
        authority.keeper.kept[added] = replace(Kept.letter(card.code, host, added), kind="card", confirmed=False)
    world.faults.refusals[f"/verifiers/{b64u(added)}/receipt"] = (404, refusal)
    with pytest.raises(warifu.HostRefused, match=refusal) if ends else contextlib.nullcontext():
        await client.sign_in(warifu.CodeWay(LETTER))

    assert [authority.keeper.kept[added].confirmed for authority in world.authorities.values()] == [False] * 3


@pytest.mark.parametrize("host", AUTHORITIES)
async def test_a_receipt_that_does_not_verify_is_an_alarm(world: World, client: warifu.Client, host: str) -> None:
    """No authority confirms, and the letter stays, unless all three pinned keys say that they store it."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    world.authorities[host].signing = world.authorities["gateway" if host != "gateway" else "keyvault"].signing  # type: ignore[index]
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await session.add_passkey(PlatformAuthenticator(), warifu.CodeWay(LETTER), "電話")

    assert (caught.value.host, caught.value.reason) == (host, "a receipt that does not verify")
    assert [any(one.confirmed and one.kind == "passkey" for one in a.keeper.kept.values()) for a in world.authorities.values()] == [
        False
    ] * 3


@pytest.mark.parametrize("host", AUTHORITIES)
async def test_with_an_authority_down_nothing_is_used_up(world: World, client: warifu.Client, host: str) -> None:
    """What two of three store is no way in yet; the letter goes on to sign in, and the change may be repeated."""
    authenticator = PlatformAuthenticator()
    session = await client.sign_in(warifu.CodeWay(LETTER))
    world.faults.down.add(host)
    with pytest.raises(warifu.HostUnavailable):
        await session.add_passkey(authenticator, warifu.CodeWay(LETTER), "電話")
    world.faults.down.clear()
    again = await client.sign_in(warifu.CodeWay(LETTER))
    added = await again.add_passkey(authenticator, warifu.CodeWay(LETTER), "電話")

    assert added.confirmed is True
    assert _kinds(await again.ways()) == [("passkey", "電話", False), ("passkey", "電話", True)]


async def test_a_verifier_that_a_host_invents_is_not_passed_on(world: World, client: warifu.Client) -> None:
    """One authority lists a way in that the others do not have: nobody confirms it, and it shows as not confirmed."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    invented = Kept(bytes(16), "card", bytes(32), bytes(32), confirmed=False)
    world.authorities["gateway"].keeper.kept[invented.id] = invented
    world.faults.log.clear()
    again = await client.sign_in(warifu.CodeWay(LETTER))

    assert not [line for line in world.faults.log if "receipt" in line or "confirmation" in line or "changes" in line]
    assert _kinds(await again.ways()) == [("card", None, False), ("letter", None, True)]
    assert session.ended is False


async def test_a_recovery_is_shown_and_can_be_cancelled(world: World, client: warifu.Client) -> None:
    """Right after sign-in the session names what takes effect soon; the member's word ends it."""
    taken, later = Code(bytes(16)), world.clock.now + 86_400
    card = warifu.Card.fresh()
    session = await client.sign_in(warifu.CodeWay(LETTER))
    await session.add_card(card, PIN, warifu.CodeWay(LETTER), "財布")
    recovery = world.letter(taken, not_before=later)
    again = await client.sign_in(warifu.CodeWay(card.code, PIN))
    shown = [(way.id, way.effective_from) for way in again.recoveries]
    await again.cancel_recovery(recovery, warifu.CodeWay(card.code, PIN))
    world.clock.now = later + 1
    with pytest.raises(warifu.EvidenceRefused):
        await client.sign_in(warifu.CodeWay(taken))

    assert shown == [(recovery, datetime.fromtimestamp(later, UTC))]
    assert again.recoveries == ()


async def test_a_name_that_does_not_open_is_left_out(world: World, client: warifu.Client) -> None:
    """An authority that swaps names shows none, and does not end the session."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    await session.add_card(warifu.Card.fresh(), PIN, warifu.CodeWay(LETTER), "財布")
    for authority in world.authorities.values():
        for one in authority.keeper.kept.values():
            object.__setattr__(one, "label", bytes(160))

    assert _kinds(await session.ways()) == [("card", None, True)]


@pytest.mark.parametrize("label", ["", "あ" * 43, "x" * 129])
async def test_a_name_may_have_129_bytes(client: warifu.Client, label: str) -> None:
    """All sealed names have one length."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    await session.add_card(warifu.Card.fresh(), PIN, warifu.CodeWay(LETTER), label)

    assert [way.label for way in await session.ways()] == [label]


@pytest.mark.parametrize("label", ["あ" * 44, "x" * 130, "\ud800"])
async def test_a_longer_name_is_refused_before_anything_is_asked(world: World, client: warifu.Client, label: str) -> None:
    """The error does not repeat it."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    world.faults.log.clear()
    with pytest.raises(warifu.InputRefused) as caught:
        await session.add_card(warifu.Card.fresh(), PIN, warifu.CodeWay(LETTER), label)

    assert (caught.value.fault, label in str(caught.value), world.faults.log) == ("label", False, [])


async def test_a_short_pin_adds_no_card(world: World, client: warifu.Client) -> None:
    """A PIN has at least six characters."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    world.faults.log.clear()
    with pytest.raises(warifu.InputRefused) as caught:
        await session.add_card(warifu.Card.fresh(), "12345", warifu.CodeWay(LETTER), "財布")

    assert (caught.value.fault, world.faults.log) == ("pin", [])


async def test_names_outlive_a_change_of_keys(client: warifu.Client) -> None:
    """The key of names follows from a seed that stays."""
    session = await client.sign_in(warifu.CodeWay(LETTER))
    card = warifu.Card.fresh()
    await session.add_card(card, PIN, warifu.CodeWay(LETTER), "財布")
    await session.change_keys()
    again = await client.sign_in(warifu.CodeWay(card.code, PIN))

    assert [way.label for way in await again.ways()] == ["財布"]
