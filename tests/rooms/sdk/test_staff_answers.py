"""Somebody of the staff signs in at a gateway that does not give what it must."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import warifu
from rooms.sdk.model.world import ORIGINS, World
from support.platform_authenticator import PlatformAuthenticator
from warifu.staff import StaffSession

TOKENS = {"access_token": "架空", "refresh_token": "again", "token_type": "DPoP", "expires_in": 300}


class Gateway:
    """Says what it is told to say; it is the browser too, which comes back with a code."""

    redirect_uri = "http://127.0.0.1:49152/callback"

    def __init__(self, **said: object) -> None:
        self.said: dict[str, object] = {"request_uri": "urn:example:1", **TOKENS, **said}
        self.asked: list[str] = []
        self.over = False
        self._state = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        form = parse_qs(request.content.decode())
        self._state = form.get("state", [self._state])[0]
        if self.over:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200, json=self.said)

    async def visit(self, _url: str) -> Mapping[str, str]:
        return {"code": "c", "state": self._state, "iss": ORIGINS["gateway"]}

    def session(self, world: World) -> StaffSession:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return StaffSession(world.deployment, http=http, clock=world.clock)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"request_uri": 1}, "the gateway gave no request_uri"),
        ({"refresh_token": ""}, "the gateway gave no refresh_token"),
        ({"access_token": None}, "the gateway gave no access_token"),
        ({"token_type": "Bearer"}, "the gateway's token is not for this sign-in"),
        ({"expires_in": "300"}, "the gateway's token is not for this sign-in"),
    ],
)
async def test_a_gateway_that_gives_something_else(world: World, said: dict[str, Any], reason: str) -> None:
    """What is missing, or could be used by anybody, ends the sign-in; no store is shown a token."""
    gateway = Gateway(**said)
    async with gateway.session(world) as session:
        with pytest.raises(warifu.SignInFailed) as caught:
            await session.sign_in(gateway)

    assert str(caught.value) == reason
    assert set(gateway.asked) <= {"/staff/par", "/staff/token", "/staff/sign-out"}


async def test_a_sign_in_that_is_over(world: World) -> None:
    """When the gateway renews no more, the person is told to sign in again."""
    gateway = Gateway()
    async with gateway.session(world) as session:
        await session.sign_in(gateway)
        gateway.over = True
        with pytest.raises(warifu.SessionEnded):
            await session.own("programs")

    assert [path for path in gateway.asked if "token" in path] == ["/staff/token"] * 2


async def test_a_deployment_without_staff(world: World) -> None:
    """Where the deployment names no portal for staff, no passkey is made or used."""
    gateway, authenticator = Gateway(), PlatformAuthenticator()
    said = []
    async with gateway.session(world) as session:
        for attempt in (session.enrol(authenticator), session.open("programs", authenticator)):
            with pytest.raises(warifu.SignInFailed) as caught:
                await attempt
            said.append(str(caught.value))

    assert (said, len(authenticator.credentials), gateway.asked) == (["this deployment has no staff"] * 2, 0, [])
