"""Relying parties of others, as they are installed anywhere, at a gateway that listens on a socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from chassis.clock import SystemClock
from interop import installed
from rooms.gateway import programs
from rooms.gateway.application import REDIRECT
from rooms.gateway.house import CLIENT, Door, House, house_in
from support.postgres import DatabaseUrls
from support.upstream import listener, listening, origin_of

PATIENCE_S = 60


@pytest.fixture
async def listening_house(tmp_path: Path, emptied: DatabaseUrls, neighbours: dict[str, Door]) -> AsyncIterator[House]:
    """Start a gateway on a socket, whose clock goes."""
    bound = listener()
    origin = origin_of(bound).replace("127.0.0.1", "localhost")
    async with (
        house_in(tmp_path / "gateway", emptied, neighbours, gateway=origin, clock=SystemClock()) as house,
        listening(house.app, bound),
    ):
        yield house


async def visit(url: str, redirect_uri: str) -> str:
    """Go with a browser until it is sent to a redirect URI, which is not visited."""
    async with httpx.AsyncClient() as browser:
        for _ in range(10):
            answer = await browser.get(url)
            url = urljoin(url, answer.headers["location"])
            if url.startswith(redirect_uri):
                return url
    raise AssertionError("no way back")


def app(house: House) -> dict[str, Any]:
    """Return what a program of profile ``app`` is told."""
    resources = [house.origin(host) for host in ("gateway", "keyvault", "identity")]
    return {"client_id": CLIENT, "key": None, "redirect_uri": REDIRECT, "scope": "openid", "resources": resources, "extra": {}}


def fapi2(house: House) -> dict[str, Any]:
    """Return what a program of profile ``fapi2`` is told."""
    return {
        "client_id": "steps",
        "key": {**programs.key().as_dict(private=True), "kid": programs.kid(), "alg": "ES256"},
        "redirect_uri": programs.STEPS_REDIRECT,
        "scope": "openid steps.read",
        "resources": [programs.STEPS_API],
        "extra": {"provider": house.upstream.origin},
    }


def basic(house: House) -> dict[str, Any]:
    """Return what a program of profile ``oidc-basic`` is told."""
    return {
        "client_id": "shop",
        "secret": programs.SECRETS["shop"],
        "redirect_uri": programs.SHOP_REDIRECT,
        "scope": "openid",
        "extra": {"provider": house.upstream.origin},
    }


async def run(house: House, command: list[str], asked: dict[str, Any]) -> dict[str, Any]:
    """Run a program of others to its end, being its browser in between."""
    process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            told = {**asked, "issuer": house.origin("gateway"), "userinfo": house.origin("gateway") + "/userinfo"}
            process.stdin.write(json.dumps(told).encode() + b"\n")
            sent = json.loads(await process.stdout.readline() or "{}")
            process.stdin.write((await visit(sent["url"], asked["redirect_uri"])).encode() + b"\n")
            said: dict[str, Any] = json.loads(await process.stdout.readline() or "{}")
            await process.wait()
            return said
    finally:
        if process.returncode is None:
            process.kill()


@pytest.mark.parametrize("profile", [app, fapi2])
async def test_openid_client(listening_house: House, profile: Any) -> None:
    """npm `openid-client`: PAR, PKCE, DPoP, iss, max_age, userinfo, refresh without rotation; a thief and a replay get nothing."""
    said = await run(listening_house, installed.node_program("openid-client"), profile(listening_house))

    assert said == {
        "token_type": "dpop",
        "sub": True,
        "auth_time": "number",
        "refreshed": True,
        "rotated": False,
        "stolen": "invalid_grant",
        "replayed": "invalid_grant",
        "dead": "invalid_grant",
    }


@pytest.mark.parametrize("profile", [app, fapi2])
async def test_oauth4webapi(listening_house: House, profile: Any) -> None:
    """npm `oauth4webapi`: the same, and our access tokens hold before a resource server of others (RFC 9068)."""
    said = await run(listening_house, installed.node_program("oauth4webapi"), profile(listening_house))

    assert said == {
        "token_type": "dpop",
        "sub": True,
        "audience": True,
        "stolen": "invalid_grant",
        "replayed": "invalid_grant",
        "dead": "invalid_grant",
    }


@pytest.mark.parametrize("profile", [app, fapi2])
async def test_requests_oauth2client(listening_house: House, profile: Any) -> None:
    """PyPI `requests-oauth2client`: the same in another language."""
    script = installed.HERE / "python" / "requests_oauth2client_rp.py"
    said = await run(listening_house, [str(installed.python()), str(script)], profile(listening_house))

    assert said == {
        "token_type": "dpop",
        "sub": True,
        "refreshed": True,
        "stolen": "invalid_grant",
        "replayed": "invalid_grant",
        "dead": "invalid_grant",
    }


async def test_authlib(listening_house: House) -> None:
    """PyPI `Authlib`: a relying party off the shelf with a secret, without PAR and DPoP; its code challenge counts all the same."""
    script = installed.HERE / "python" / "authlib_rp.py"
    said = await run(listening_house, [str(installed.python()), str(script)], basic(listening_house))

    assert said == {
        "token_type": "bearer",
        "sub": True,
        "ours": True,
        "refreshed": True,
        "replayed": "invalid_grant",
        "dead": "invalid_grant",
    }
