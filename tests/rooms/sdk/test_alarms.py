"""Answers that are not from who they must be from."""

import secrets

import pytest
import warifu
from protocol.jose import generate_p256
from protocol.names import AUTHORITIES
from protocol.signing import SigningKey
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World


async def _alarm(sign_in: SignIn) -> tuple[str, str]:
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await sign_in()
    return caught.value.host, caught.value.reason


@pytest.mark.parametrize("host", AUTHORITIES)
async def test_a_part_signed_by_another_key_is_refused(world: World, sign_in: SignIn, host: str) -> None:
    """Each authority's part must verify under the key pinned for that authority."""
    world.authorities[host].signing = SigningKey(secrets.token_bytes(32))  # type: ignore[index]

    assert await _alarm(sign_in) == (host, "a part that its pinned key did not sign")


async def test_a_wrong_share_opens_nothing(world: World, sign_in: SignIn) -> None:
    """A share of another salt fails at the bundle's key commitment."""
    world.authorities["identity"].account.salts[0] = secrets.token_bytes(32)

    assert await _alarm(sign_in) == ("keyvault", "a bundle that does not open")


async def test_an_old_bundle_opens_nothing(world: World, sign_in: SignIn) -> None:
    """The keyvault cannot roll a member back to bundle 0 once the others have committed."""
    await sign_in()
    bundles = world.authorities["keyvault"].bundles
    bundles[1] = bundles[0]

    assert await _alarm(sign_in) == ("keyvault", "a bundle that does not open")


async def test_a_withheld_bundle_is_noticed(world: World, sign_in: SignIn) -> None:
    """Without a bundle of the version that all three support there is no session."""
    await sign_in()
    del world.authorities["keyvault"].bundles[1]

    assert await _alarm(sign_in) == ("keyvault", "no bundle fits the shares of all three authorities")


async def test_a_swapped_record_does_not_open(world: World, sign_in: SignIn) -> None:
    """The record is bound to identity's reference."""
    sealed = world.authorities["identity"].record
    assert sealed
    world.authorities["identity"].record = sealed[:-1] + bytes([sealed[-1] ^ 1])

    assert await _alarm(sign_in) == ("identity", "a record that does not open")


async def test_an_expired_part_is_refused(world: World, sign_in: SignIn) -> None:
    """A part whose session is over gives nothing."""
    world.authorities["gateway"].session_seconds = 0

    assert await _alarm(sign_in) == ("gateway", "a part that has expired")


@pytest.mark.parametrize("claim", ["name", "email"])
async def test_evidence_that_says_too_much_is_never_sent(world: World, sign_in: SignIn, claim: str) -> None:
    """An ID token with a claim outside the configured list does not leave the device."""
    world.provider.extra[claim] = "架空 花子"
    with pytest.raises(warifu.EvidenceRefused) as caught:
        await sign_in()

    assert caught.value.host is None
    assert not [line for line in world.faults.log if line.startswith(("gateway", "keyvault", "identity"))]


async def test_evidence_of_another_key_is_refused(world: World, sign_in: SignIn) -> None:
    """The ID token must verify under the keys that the provider publishes."""
    world.provider.signing_key = generate_p256()
    with pytest.raises(warifu.EvidenceRefused) as caught:
        await sign_in()

    assert caught.value.reason == "a token does not verify"


@pytest.mark.parametrize("extra", [{"nonce": "AAAA"}, {"aud": ["warifu-evidence", "other"]}, {"iss": "http://localhost:1"}])
async def test_evidence_for_something_else_is_refused(world: World, sign_in: SignIn, extra: dict[str, object]) -> None:
    """Nonce, audience and issuer of the ID token are those of this statement."""
    world.provider.extra |= extra
    with pytest.raises(warifu.EvidenceRefused) as caught:
        await sign_in()

    assert caught.value.host is None


async def test_an_answer_of_another_issuer_ends_the_sign_in(world: World, sign_in: SignIn) -> None:
    """The gateway's answer must carry its own issuer (RFC 9207)."""
    world.gateway.iss = "http://localhost:1"
    with pytest.raises(warifu.SignInFailed) as caught:
        await sign_in()

    assert str(caught.value) == "the answer comes from another issuer"
