"""What the OpenID Foundation's plan for basic relying parties asks (`oidcc-client-basic-certification-test-plan`), by module."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from chassis.clock import FixedClock
from gateway.upstream import ClaimsElsewhere, ProviderRefused
from gateway.upstream.exchange import provider_client
from joserfc.jwk import RSAKey
from protocol.encoding import b64u, sha256
from protocol.jose import generate_p256
from rooms.gateway.at_provider import Visit, party_at
from rooms.gateway.house import Door
from support.upstream import ACCESS_TOKEN, Upstream

RSA = RSAKey.generate_key(2048)


@pytest.fixture
def upstream(neighbours: dict[str, Door]) -> Upstream:
    """Serve a provider with a key of its own, whose clock stands still."""
    door = neighbours["upstream"]
    upstream = Upstream(door.origin, FixedClock(datetime.now(UTC).replace(microsecond=0)))
    door.app = upstream.app
    return upstream


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Use the client that the gateway has for providers, as the browser too: it keeps no cookies."""
    async with provider_client() as client:
        yield client


async def refused(upstream: Upstream, http: httpx.AsyncClient, **facts: Any) -> bool:
    """Whether nobody is signed in."""
    with pytest.raises(ProviderRefused):
        await Visit(party_at(upstream, http, **facts), http).signed_in()
    return True


async def test_oidcc_client_test(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """The happy way: code, PKCE, nonce, and the subject by which the person is enrolled."""
    found = await Visit(party_at(upstream, http), http).signed_in()

    assert (found.sub, found.subject("employee_number").value, found.issuer) == ("opaque-E-0001", "E-0001", upstream.origin)


async def test_oidcc_client_test_invalid_iss(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """An ID token of another issuer is refused."""
    upstream.claims = {"iss": "https://other.example"}

    assert await refused(upstream, http)


async def test_oidcc_client_test_missing_sub(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """An ID token without a subject is refused."""
    upstream.claims = {"sub": None}

    assert await refused(upstream, http)


@pytest.mark.parametrize("aud", ["somebody-else", ["gateway-at-group", "somebody-else"], [], None, 7])
async def test_oidcc_client_test_invalid_aud(upstream: Upstream, http: httpx.AsyncClient, aud: object) -> None:
    """An ID token for another audience, or for another one too, is refused."""
    upstream.claims = {"aud": aud}

    assert await refused(upstream, http)


async def test_oidcc_client_test_missing_iat(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """An ID token that does not say when it was made is refused."""
    upstream.claims = {"iat": None}

    assert await refused(upstream, http)


async def test_oidcc_client_test_kid_absent_single_jwks(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """Without a key id the only key there is counts."""
    upstream.header = {"kid": None}

    assert (await Visit(party_at(upstream, http), http).signed_in()).sub == "opaque-E-0001"


async def test_oidcc_client_test_kid_absent_multiple_jwks(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """Without a key id, among several keys, none is guessed."""
    upstream.header, upstream.others = {"kid": None}, (generate_p256(),)

    assert await refused(upstream, http)


async def test_oidcc_client_test_idtoken_sig_rs256(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """RS256 is good where the deployment pins it, and only there."""
    upstream.key = RSA
    found = await Visit(party_at(upstream, http, ("RS256",)), http).signed_in()

    assert (found.sub, await refused(upstream, http)) == ("opaque-E-0001", True)


@pytest.mark.parametrize("name", ["none", "None", "NONE"])
async def test_oidcc_client_test_idtoken_sig_none(upstream: Upstream, http: httpx.AsyncClient, name: str) -> None:
    """An ID token without a signature is refused, although it comes straight from the token endpoint."""
    upstream.header = {"alg": name}

    assert await refused(upstream, http)


async def test_oidcc_client_test_invalid_sig_rs256(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """A signature of another RSA key under the published key's id is refused."""
    upstream.key, upstream.signing_key = RSA, RSAKey.generate_key(2048)

    assert await refused(upstream, http, algorithms=("RS256",))


async def test_oidcc_client_test_userinfo_invalid_sub(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """Userinfo of somebody else is refused, and so is userinfo of nobody."""
    upstream.userinfo = {"sub": "opaque-E-0002"}
    other = await refused(upstream, http, userinfo=True)
    upstream.userinfo = {"sub": None}

    assert (other, await refused(upstream, http, userinfo=True)) == (True, True)


async def test_userinfo_that_cannot_be_asked(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """Where claims of userinfo are needed, a provider without it, or without an access token for it, signs nobody in."""
    upstream.metadata = {"userinfo_endpoint": None}
    nowhere = await refused(upstream, http, userinfo=True)
    upstream.metadata, upstream.answer = {}, {"access_token": None}

    assert (nowhere, await refused(upstream, http, userinfo=True)) == (True, True)
    assert (await Visit(party_at(upstream, http), http).signed_in()).sub == "opaque-E-0001"


async def test_oidcc_client_test_nonce_invalid(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """An ID token with another nonce, or without one, is refused."""
    upstream.claims = {"nonce": "of-somebody-else"}
    other = await refused(upstream, http)
    upstream.claims = {"nonce": None}

    assert (other, await refused(upstream, http)) == (True, True)


async def test_oidcc_client_test_scope_userinfo_claims(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """More scopes are asked for where they are configured, and userinfo adds what the ID token does not say."""
    upstream.claims = {"department": "health"}
    upstream.userinfo = {"groups": ["nurses", "doctors"], "department": "another", "sid": "not-from-here"}
    visit = Visit(party_at(upstream, http, userinfo=True, scopes=("openid", "groups")), http)
    location = await visit.party.authorization_url("s", visit.challenge)
    found = await visit.signed_in()

    assert ("scope=openid+groups" in location, found.claims.texts("groups"), found.claims.texts("department"), found.sid) == (
        True,
        ("nurses", "doctors"),
        ("health",),
        None,
    )


async def test_oidcc_client_test_client_secret_basic(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """The client proves itself with HTTP Basic, its parts form-encoded first (RFC 6749 section 2.3.1); a wrong secret fails."""
    upstream.client_secret = "p+ä: %41"
    found = await Visit(party_at(upstream, http, client_secret="p+ä: %41"), http).signed_in()

    assert (found.sub, await refused(upstream, http, client_secret="p+ä: A")) == ("opaque-E-0001", True)


async def test_rfc_9700_4_6_access_token_injection(upstream: Upstream, http: httpx.AsyncClient) -> None:
    """An access token that the ID token was not made with is not used; the right one is."""
    half = sha256(ACCESS_TOKEN.encode())[:16]
    upstream.claims = {"at_hash": b64u(half)}
    right = (await Visit(party_at(upstream, http), http).signed_in()).sub
    upstream.claims = {"at_hash": b64u(bytes(16))}

    assert (right, await refused(upstream, http)) == ("opaque-E-0001", True)


@pytest.mark.parametrize(
    ("claim", "seconds", "good"),
    [
        ("iat", 0, True),
        ("iat", 10, True),
        ("iat", 11, False),
        ("iat", 61, False),
        ("iat", -600, True),
        ("iat", -601, False),
        ("nbf", 10, True),
        ("nbf", 61, False),
        ("exp", 1, True),
        ("exp", 0, False),
    ],
)
async def test_clocks_apart(upstream: Upstream, http: httpx.AsyncClient, claim: str, seconds: int, good: bool) -> None:
    """Ten seconds ahead are tolerated, a minute never (FAPI 2.0 Security Profile 5.3.2.1)."""
    upstream.claims = {claim: upstream.clock.timestamp() + seconds}
    visit = Visit(party_at(upstream, http), http)
    if good:
        assert (await visit.signed_in()).sub == "opaque-E-0001"
    else:
        assert await refused(upstream, http)


@pytest.mark.parametrize(
    "told",
    [
        {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://graph.example/"}}},
        {"hasgroups": True},
        {"hasgroups": "true", "groups": ["nurses"]},
    ],
)
async def test_too_many_groups_are_not_none(upstream: Upstream, http: httpx.AsyncClient, told: dict[str, Any]) -> None:
    """Where the provider says that there are more groups than it says, nobody is taken to be in none, or in these alone."""
    upstream.claims = told
    found = await Visit(party_at(upstream, http), http).signed_in()
    with pytest.raises(ClaimsElsewhere):
        found.claims.texts("groups")

    assert found.claims.texts("roles") == ()


@pytest.mark.parametrize(("said", "read"), [(["a", "b"], ("a", "b")), ("a", ("a",)), (None, ()), ([], ())])
async def test_texts_of_a_claim(upstream: Upstream, http: httpx.AsyncClient, said: object, read: tuple[str, ...]) -> None:
    """A claim is one text or several."""
    upstream.claims = {"groups": said}

    assert (await Visit(party_at(upstream, http), http).signed_in()).claims.texts("groups") == read


@pytest.mark.parametrize("said", [7, True, {"a": 1}, ["a", 7]])
async def test_a_claim_of_another_form(upstream: Upstream, http: httpx.AsyncClient, said: object) -> None:
    """Anything else is refused, not read in part."""
    upstream.claims = {"groups": said}
    found = await Visit(party_at(upstream, http), http).signed_in()
    with pytest.raises(ProviderRefused):
        found.claims.texts("groups")
