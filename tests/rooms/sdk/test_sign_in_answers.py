"""What comes back from the gateway and the group's provider while somebody signs in, and later, and is not what was asked for."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import warifu
from protocol.access_token import AccessToken
from protocol.code import Code
from protocol.jose import peek_claims
from protocol.names import AUTHORITIES
from rooms.sdk.agent import WalkingAgent
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import ORIGINS, World
from rooms.sdk.test_lying_hosts import saying

TOKEN = "gateway POST /token"


class LedAgent(WalkingAgent):
    """Brings back something else from one of the two pages that it is sent to."""

    where: str
    changed: Mapping[str, str]

    async def visit(self, url: str) -> Mapping[str, str]:
        returned = await super().visit(url)
        return {**returned, **self.changed} if url.startswith(self.where) else returned


async def failure(sign_in: SignIn) -> str:
    with pytest.raises(warifu.SignInFailed) as caught:
        await sign_in()
    return str(caught.value)


@pytest.mark.parametrize("host", ["provider", "gateway"])
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": secrets.token_urlsafe()}, "the answer belongs to another sign-in"),
        ({"state": ""}, "the answer belongs to another sign-in"),
        ({"state": "状", "error": "access_denied"}, "the answer belongs to another sign-in"),
        ({"iss": "http://localhost:1", "error": "access_denied"}, "the answer comes from another issuer"),
        ({"error": "access_denied"}, "ended with access_denied"),
        ({"error": "<b>架空</b>"}, "ended with an error"),
        ({"code": ""}, "the answer holds no code"),
    ],
)
async def test_what_a_browser_brings_back(world: World, host: str, changed: Mapping[str, str], said: str) -> None:
    """A page that leads somebody into another sign-in, refuses or says nothing ends it, and its code is never exchanged."""
    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
        agent = LedAgent(http)
        agent.where, agent.changed = world.idp.issuer if host == "provider" else ORIGINS["gateway"], changed
        with pytest.raises(warifu.SignInFailed) as caught:
            await client.sign_in(warifu.Group(agent))

    assert str(caught.value) == said
    assert f"{host} POST /token" not in world.faults.log


METADATA = "provider GET /.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("request_line", "lie", "said"),
    [
        (METADATA, {"issuer": "http://localhost:1"}, "the group's provider calls itself by another name"),
        (METADATA, {"authorization_endpoint": None}, "the group's provider names no authorization_endpoint"),
        (METADATA, {"token_endpoint": ["/token"]}, "the group's provider names no token_endpoint"),
        (METADATA, {"jwks_uri": None}, "the group's provider names no jwks_uri"),
        ("provider POST /token", {"id_token": None}, "the group's provider gave no ID token"),
        ("provider GET /jwks", {"keys": [{"kty": "架空"}]}, "the group's provider publishes no usable keys"),
    ],
)
async def test_a_provider_that_is_none(world: World, sign_in: SignIn, request_line: str, lie: dict[str, Any], said: str) -> None:
    """Whatever the group's provider lacks or mistakes is named, and no host of ours hears of the person."""
    world.faults.lies[request_line] = saying(**lie)

    assert await failure(sign_in) == said
    assert {line.partition(" ")[0] for line in world.faults.log} == {"provider"}


async def test_a_provider_that_refuses(world: World, sign_in: SignIn) -> None:
    """A provider that says no is no host that is down."""
    world.faults.refusals["/jwks"] = (403, "forbidden")

    assert await failure(sign_in) == "the group's provider refused"


@pytest.mark.parametrize(
    ("request_line", "lacking"), [("gateway POST /par", "request_uri"), (TOKEN, "access_token"), (TOKEN, "refresh_token")]
)
@pytest.mark.parametrize("instead", [None, "", 1])
async def test_a_gateway_that_gives_nothing(
    world: World, sign_in: SignIn, request_line: str, lacking: str, instead: object
) -> None:
    """What the gateway leaves out is named."""
    world.faults.lies[request_line] = saying(**{lacking: instead})

    assert await failure(sign_in) == f"the gateway gave no {lacking}"


@pytest.mark.parametrize(
    ("another", "said"),
    [
        ({"jkt": secrets.token_bytes(32)}, "the gateway's token is not bound to this session"),
        ({"audience": ORIGINS["keyvault"]}, "the gateway's token is not for this session"),
        ({"issuer": ORIGINS["keyvault"]}, "the gateway's token is not for this session"),
        ({"expires_at": 1_800_000_000}, "the gateway's token is not for this session"),
    ],
)
async def test_a_token_of_another_key(world: World, sign_in: SignIn, another: dict[str, Any], said: str) -> None:
    """A token that another key uses, or that is for another host or over, is shown to nobody."""

    def lie(true: dict[str, Any]) -> dict[str, Any]:
        token = AccessToken.from_claims(peek_claims(true["access_token"]), ORIGINS["gateway"], ORIGINS["gateway"], world.clock())
        return {**true, "access_token": replace(token, **another).encode(world.token_key, "another")}

    world.faults.lies[TOKEN] = lie

    assert await failure(sign_in) == said
    assert world.faults.log[-1] == TOKEN


async def test_a_token_that_is_not_bound(world: World, sign_in: SignIn) -> None:
    """A token that anybody could use is shown to nobody."""
    world.faults.lies[TOKEN] = saying(token_type="Bearer")

    assert await failure(sign_in) == "the gateway's token is not bound to this session"
    assert world.faults.log[-1] == TOKEN


@pytest.mark.parametrize("of", ["member", "session"])
async def test_tokens_of_several_sessions(world: World, sign_in: SignIn, of: str) -> None:
    """A renewed token that speaks of another member or session than the one before it is not used."""
    session = await sign_in()
    (known,) = world.gateway.sessions.values()
    if of == "member":
        world.gateway.refs = {host: secrets.token_bytes(16) for host in AUTHORITIES}
    else:
        known.sids |= {host: secrets.token_bytes(16) for host in AUTHORITIES}
    world.clock.now += 280
    world.faults.log.clear()
    with pytest.raises(warifu.SignInFailed) as caught:
        await session.ways()

    assert str(caught.value) == "the gateway's tokens speak of several sessions"
    assert set(world.faults.log) == {TOKEN}


async def test_a_gateway_that_renews_no_more(world: World, sign_in: SignIn) -> None:
    """When the gateway has forgotten the session, it is over here too, and the keys are gone."""
    session = await sign_in()
    world.gateway.sessions.clear()
    world.clock.now += 280
    with pytest.raises(warifu.SessionEnded):
        await session.ways()

    assert session.ended is True


async def test_a_gateway_that_is_down_at_the_last_step(world: World) -> None:
    """A page that fails without a browser between is a host that is down, and not one that leads elsewhere."""
    code = Code(bytes(range(16)))
    world.letter(code)
    world.faults.down_paths.add("/authorize")
    async with world.http() as http, warifu.Client(world.deployment, http=http, clock=world.clock) as client:
        with pytest.raises(warifu.HostUnavailable) as caught:
            await client.sign_in(warifu.CodeWay(code))

    assert caught.value.host == "gateway"
