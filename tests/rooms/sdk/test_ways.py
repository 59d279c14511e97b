"""Ways to sign in other than the group's, and what is said when they are refused."""

import secrets
from collections.abc import AsyncIterator

import httpx
import pytest
import warifu
from protocol.code import Code
from protocol.names import AUTHORITIES, AuthorityName
from rooms.sdk.agent import WalkingAgent
from rooms.sdk.model.world import PROFILE, World
from support.platform_authenticator import PlatformAuthenticator

CODE = Code(bytes(range(16)))


@pytest.fixture
async def client(world: World) -> AsyncIterator[warifu.Client]:
    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as opened:
        yield opened


async def _said(client: warifu.Client, way: warifu.Way) -> tuple[str, str]:
    with pytest.raises(warifu.WarifuError) as caught:
        await client.sign_in(way)
    return type(caught.value).__name__, str(caught.value)


@pytest.mark.parametrize("text", [CODE.text, CODE.qr, CODE.text.lower().replace("-", " ")])
async def test_a_letter_signs_in_without_a_browser(world: World, client: warifu.Client, text: str) -> None:
    """The first sign-in with a letter: evidence goes into the pushed request, the code is read from the redirect."""
    world.letter(CODE)
    world.without_work_account()
    session = await client.sign_in(warifu.CodeWay(text))

    assert (session.profile, session.unclaimed) == (PROFILE, frozenset())
    assert not [line for line in world.faults.log if line.startswith("provider")]


async def test_each_authority_is_shown_its_own_signature(world: World, client: warifu.Client) -> None:
    """Handle and signature differ, so that none of the three can pass them on to another."""
    world.letter(CODE)
    session = await client.sign_in(warifu.CodeWay(CODE))
    proofs = session._keys().evidence.proofs

    assert len({proof.handle for proof in proofs.values()}) == 3  # type: ignore[union-attr]
    assert len({proof.signature for proof in proofs.values()}) == 3  # type: ignore[union-attr]


@pytest.mark.parametrize("code", [Code(bytes(16)), CODE])
async def test_a_refused_code_says_nothing_of_whether_it_exists(world: World, client: warifu.Client, code: Code) -> None:
    """A code that nobody has, and one that is somebody's with another PIN, are refused alike, and nothing else is asked."""
    world.letter(CODE)
    said = await _said(client, warifu.CodeWay(code, "123456"))

    assert said == ("EvidenceRefused", "access_denied")
    assert world.faults.log == ["gateway POST /par"]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ((400, "access_denied"), ("EvidenceRefused", "access_denied")),
        ((429, "slow_down"), ("HostRefused", "gateway refused: slow_down (429)")),
        ((503, "temporarily_unavailable"), ("HostUnavailable", "gateway is not available")),
    ],
)
async def test_refusals_of_the_pushed_request(
    world: World, client: warifu.Client, refusal: tuple[int, str], said: tuple[str, str]
) -> None:
    """Each refusal of the gateway is an error of its own."""
    world.gateway.refusal = refusal

    assert await _said(client, warifu.CodeWay(CODE)) == said


@pytest.mark.parametrize(
    ("text", "fault"), [(CODE.text[:-1], "length"), ("XX" + CODE.text[2:], "character"), (CODE.text[:-1] + "7", "checksum")]
)
def test_a_text_that_is_no_code_is_refused_before_anything_is_asked(text: str, fault: str) -> None:
    """The error says what kind of thing is wrong, and never the text."""
    with pytest.raises(warifu.InputRefused) as caught:
        warifu.CodeWay(text)

    assert (caught.value.fault, text in str(caught.value), caught.value.__cause__) == (fault, False, None)


async def test_a_pin_that_is_too_short_is_refused_before_anything_is_asked(world: World, client: warifu.Client) -> None:
    """Nobody needs to be asked about it."""

    assert (await _said(client, warifu.CodeWay(CODE, "12345")))[0] == "InputRefused"
    assert world.faults.log == []


@pytest.mark.parametrize("where", ["elsewhere", "callback?state=another&iss=another&z"])
async def test_a_redirect_to_somewhere_else_ends_the_sign_in(world: World, client: warifu.Client, where: str) -> None:
    """The code is taken from the own redirect URI alone, and from none that says something twice."""
    world.letter(CODE)
    world.gateway.location = f"http://127.0.0.1/{where}"

    assert await _said(client, warifu.CodeWay(CODE)) == ("SignInFailed", "the gateway does not lead back")


async def test_another_issuer_ends_the_sign_in(world: World, client: warifu.Client) -> None:
    """The answer must carry the gateway's own issuer (RFC 9207), also where no browser is between."""
    world.letter(CODE)
    world.gateway.iss = "http://localhost:1"

    assert await _said(client, warifu.CodeWay(CODE)) == ("SignInFailed", "the answer comes from another issuer")


async def test_a_passkey_signs_in_with_one_gesture(world: World, client: warifu.Client) -> None:
    """One assertion signs in at the gateway and releases at all three."""
    authenticator = PlatformAuthenticator()
    first = await client.sign_in(warifu.Group(WalkingAgent(_http(client))))
    await first.add_passkey(authenticator, warifu.Group(WalkingAgent(_http(client))), "電話")
    world.faults.log.clear()
    session = await client.sign_in(warifu.Passkey(authenticator))
    proofs = session._keys().evidence.proofs

    assert (session.profile, len({id(proof) for proof in proofs.values()})) == (PROFILE, 1)
    assert [line for line in world.faults.log if line.endswith("/par")] == ["gateway POST /par"]


async def test_without_a_portal_there_are_no_passkeys(world: World) -> None:
    """None signs in, is added or proves a change; nothing is asked, not even the authenticator."""
    deployment = world.deployment.model_copy(update={"portal": None})
    authenticator = PlatformAuthenticator()
    way = warifu.Passkey(authenticator)
    async with world.http() as http, warifu.Client(deployment, http=http, clock=world.clock) as client:
        said = [await _said(client, way)]
        session = await client.sign_in(warifu.Group(WalkingAgent(http)))
        world.faults.log.clear()
        for attempt in (
            session.add_passkey(authenticator, warifu.Group(WalkingAgent(http)), "電話"),
            session.remove_way(world.subject_id, way),
        ):
            with pytest.raises(warifu.SignInFailed) as caught:
                await attempt
            said.append((type(caught.value).__name__, str(caught.value)))
        asked = [line for line in world.faults.log if "/verifiers/changes" in line]

    assert said == [("SignInFailed", "this deployment has no portal, and so no passkeys")] * 3
    assert (asked, len(authenticator.credentials)) == ([], 0)


@pytest.mark.parametrize("place", [0, 2])
async def test_a_guardian_names_the_account(world: World, client: warifu.Client, place: int) -> None:
    """The pushed request says which of the accounts of a work account is meant."""
    await client.sign_in(warifu.Group(WalkingAgent(_http(client)), place=place))

    assert world.gateway.places == [str(place)]


@pytest.mark.parametrize("host", AUTHORITIES)
async def test_a_letter_that_one_authority_does_not_know(world: World, client: warifu.Client, host: AuthorityName) -> None:
    """A gateway that signs everybody in opens nothing: each authority checks for itself."""
    verifier_id = world.letter(CODE)
    del world.authorities[host].keeper.kept[verifier_id]

    assert (await _said(client, warifu.CodeWay(CODE)))[0] == "EvidenceRefused"
    assert [world.authorities[name].account.version for name in AUTHORITIES] == [0, 0, 0]


def test_nothing_shows_a_code_or_a_key() -> None:
    """Representations of what holds secrets are empty of them."""
    card = warifu.Card(Code(secrets.token_bytes(16)))
    shown = repr(card) + repr(warifu.CodeWay(card.code, "geheim")) + repr(card.code)

    assert [secret in shown for secret in (card.text, card.qr, "geheim")] == [False] * 3


def _http(client: warifu.Client) -> httpx.AsyncClient:
    assert client._http is not None
    return client._http
