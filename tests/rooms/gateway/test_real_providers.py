"""Providers that others wrote: npm `oidc-provider`, which is told to err, and Debian's `glewlwyd`."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from chassis.clock import SystemClock
from gateway.upstream import Challenge, ProviderRefused, ProviderUnreachable, RelyingParty, SignedIn
from gateway.upstream.exchange import provider_client
from gateway.upstream.provider import Provider
from protocol.encoding import b64u
from rooms.gateway.application import Application
from rooms.gateway.house import Door, House, Member, house_in, idp_at
from rooms.gateway.real.glewlwyd import Glewlwyd
from rooms.gateway.real.oidc_provider import OidcProvider
from rooms.gateway.real.provider import EMPLOYEE, RealProvider
from support.postgres import DatabaseUrls
from support.upstream import CLIENT_ID, CLIENT_SECRET, listener, listening, origin_of

KINDS = {"oidc-provider": OidcProvider, "glewlwyd": Glewlwyd}
both = pytest.mark.parametrize("provider", list(KINDS), indirect=True, scope="module")
erring = pytest.mark.parametrize("provider", ["oidc-provider"], indirect=True, scope="module")


class OffClock(SystemClock):
    """A clock that is not that of the provider."""

    def __init__(self, seconds: int = 0) -> None:
        self.seconds = seconds

    def now(self) -> datetime:
        """Return the time as somebody sees it whose clock is wrong."""
        return datetime.now(UTC) + timedelta(seconds=self.seconds)


@pytest.fixture(scope="module")
def bound() -> Iterator[socket.socket]:
    """Keep the address where the gateway is, when one is there: providers are told before."""
    with listener() as kept:
        yield kept


@pytest.fixture(scope="module")
async def provider(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, bound: socket.socket
) -> AsyncIterator[RealProvider]:
    """Run a provider for the tests of this file."""
    free = listener()
    port = free.getsockname()[1]
    free.close()
    running = KINDS[request.param](tmp_path_factory.mktemp(request.param), port, origin_of(bound))
    try:
        await running.start()
        yield running
    finally:
        running.stop()
        await running.browser.aclose()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Use the client that the gateway has for providers."""
    async with provider_client() as client:
        yield client


def party_at(provider: RealProvider, http: httpx.AsyncClient, clock: OffClock | None = None, **facts: Any) -> RelyingParty:
    """Return the gateway's client at a provider."""
    idp = idp_at(facts.pop("issuer", provider.issuer), subject_claim="sub", **facts)
    clock = clock or OffClock()
    return RelyingParty(idp, Provider(idp.issuer, http, clock), http, CLIENT_ID, CLIENT_SECRET, provider.redirect_uri, clock)


def challenge() -> Challenge:
    return Challenge.of(b64u(secrets.token_bytes(32)), "group")


async def signed_in(provider: RealProvider, party: RelyingParty, **changes: str) -> SignedIn:
    """Sign in from beginning to end; a change is what the gateway expects in the end instead."""
    sent = challenge()
    location = await provider.sign_in(await party.authorization_url("state", sent))
    said = dict(parse_qsl(urlsplit(location).query))
    await party.check_issuer(said["iss"])
    return await party.signed_in(said["code"], Challenge(**{"verifier": sent.verifier, "nonce": sent.nonce, **changes}))


async def refused(provider: RealProvider, party: RelyingParty, **changes: str) -> bool:
    with pytest.raises(ProviderRefused):
        await signed_in(provider, party, **changes)
    return True


@both
async def test_signed_in(provider: RealProvider, http: httpx.AsyncClient) -> None:
    """Both sign somebody in, name the sign-in, and say the same of them twice."""
    party = party_at(provider, http)
    first, second = [await signed_in(provider, party) for _ in range(2)]

    assert (first.issuer, first.sub, bool(first.sid)) == (provider.issuer, second.sub, True)


@both
async def test_wrong_nonce_and_wrong_verifier(provider: RealProvider, http: httpx.AsyncClient) -> None:
    """An ID token for another sign-in is refused here, a code with another verifier at the provider."""
    party = party_at(provider, http)

    assert await refused(provider, party, nonce="another")
    assert await refused(provider, party, verifier=secrets.token_urlsafe(48))


@both
async def test_wrong_issuer(provider: RealProvider, http: httpx.AsyncClient) -> None:
    """What the provider says of itself must be, character by character, what the deployment pins."""
    with pytest.raises(ProviderUnreachable):
        await party_at(provider, http, issuer=provider.issuer + "/").authorization_url("state", challenge())
    with pytest.raises(ProviderRefused):
        await party_at(provider, http).check_issuer(provider.issuer + "/")


@both
async def test_algorithm_that_is_not_pinned(provider: RealProvider, http: httpx.AsyncClient) -> None:
    """ES256 is refused where the deployment pins another."""
    assert await refused(provider, party_at(provider, http, algorithms=("RS256", "PS256")))


@both
@pytest.mark.parametrize(("seconds", "good"), [(-5, True), (-75, False), (120, True), (700, False)])
async def test_clocks_apart(provider: RealProvider, http: httpx.AsyncClient, seconds: int, good: bool) -> None:
    """A clock that is a little behind the provider's is tolerated, one that is a minute behind, or ten minutes ahead, is not."""
    party = party_at(provider, http, OffClock(seconds))

    assert await (signed_in if good else refused)(provider, party)


@both
@pytest.mark.parametrize("keep", [True, False])
async def test_keys_change(provider: RealProvider, http: httpx.AsyncClient, keep: bool) -> None:
    """A new key is found by its id, whether the old one is still there or not, but not within ten seconds of the last look."""
    clock = OffClock()
    party = party_at(provider, http, clock)
    await signed_in(provider, party)
    await provider.rotate(keep=keep)
    at_once = await refused(provider, party)
    clock.seconds = 10

    assert (at_once, bool(await signed_in(provider, party))) == (True, True)


@erring
@pytest.mark.parametrize(
    "err",
    [
        {"claims": {"aud": "somebody-else"}},
        {"claims": {"aud": [CLIENT_ID, "somebody-else"]}},
        {"claims": {"iss": "https://other.example"}},
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"sub": None}},
        {"claims": {"iat": None}},
        {"claims": {"exp": None}},
        {"claims": {"exp": 1}},
        {"claims": {"azp": "somebody-else"}},
        {"header": {"alg": "none"}},
        {"header": {"alg": "HS256"}},
        {"header": {"kid": "unknown"}},
        {"header": {"typ": "logout+jwt"}},
        {"header": {"crit": ["x"], "x": True}},
    ],
)
async def test_mis_issued(provider: RealProvider, http: httpx.AsyncClient, err: dict[str, Any]) -> None:
    """What a provider signs by mistake signs nobody in; what it signs otherwise does."""
    assert isinstance(provider, OidcProvider)
    await provider.err(**err)
    wrong = await refused(provider, party_at(provider, http))
    await provider.err()

    assert (wrong, (await signed_in(provider, party_at(provider, http))).sub) == (True, f"account-of-{EMPLOYEE}")


@erring
async def test_missing_key_id(provider: RealProvider, http: httpx.AsyncClient) -> None:
    """Without a key id the only key counts, and none of several."""
    assert isinstance(provider, OidcProvider)
    await provider.rotate(keep=False)
    await provider.err(header={"kid": None})
    one = await signed_in(provider, party_at(provider, http))
    await provider.rotate(keep=True)
    await provider.err(header={"kid": None})
    several = await refused(provider, party_at(provider, http))
    await provider.err()

    assert (bool(one.sub), several) == (True, True)


@pytest.fixture
async def served(
    provider: RealProvider, bound: socket.socket, tmp_path: Path, emptied: DatabaseUrls, neighbours: dict[str, Door]
) -> AsyncIterator[House]:
    """Serve a gateway at the address that the provider knows, its hours those of the provider."""
    claim = "employee_number" if isinstance(provider, OidcProvider) else "sub"
    idp = idp_at(provider.issuer, subject_claim=claim)
    async with (
        house_in(tmp_path / "gateway", emptied, neighbours, idp, gateway=origin_of(bound), clock=SystemClock()) as house,
        listening(house.app, bound.dup()),
    ):
        yield house


@both
async def test_sign_in_and_sign_out_at_the_group(provider: RealProvider, served: House, http: httpx.AsyncClient) -> None:
    """Somebody signs in at the gateway by the provider, signs out at the provider, and is signed out here."""
    known = await signed_in(provider, party_at(provider, http))
    value = EMPLOYEE if isinstance(provider, OidcProvider) else known.sub
    assert (await served.enrol(Member.new(value), issuer=provider.issuer)).status_code == 200
    application = Application(served)
    sent = await application.authorize((await application.push(provider=provider.issuer)).json()["request_uri"])
    back = await application.come_back(await provider.sign_in(sent.headers["location"]))
    code = dict(parse_qsl(urlsplit(back.headers["location"]).query))["code"]
    tokens = (await application.redeem(code)).json()
    before = await application.refresh(tokens["refresh_token"])
    await provider.sign_out(known.sid or "")
    for _ in range(100):
        after = await application.refresh(tokens["refresh_token"])
        if after.status_code != 200:
            break
        await asyncio.sleep(0.05)

    assert (before.status_code, after.json()["error"]) == (200, "invalid_grant")
