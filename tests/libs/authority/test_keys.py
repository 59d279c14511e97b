"""Keys that a provider publishes: whatever it sends, or however slowly, a caller hears of keys or of none."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from authority.keys import ProviderKeys, RemoteKeys
from chassis.clock import SystemClock
from chassis.problems import Unavailable
from protocol.jose import generate_p256, public_jwk
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

GOOD: dict[str, Any] = {**public_jwk(generate_p256()), "kid": "good"}
ISSUER = "http://provider.example"


async def _kids(body: bytes, pause_s: float = 0) -> list[str | None]:
    async def jwks(_request: Request) -> Response:
        await asyncio.sleep(pause_s)
        return Response(body, media_type="application/json")

    app = Starlette(routes=[Route("/jwks", jwks)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        found = await RemoteKeys(client, SystemClock(), "http://provider.example/jwks").keys("good")
    return [key.kid for key in found.keys]


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "text",
        1,
        [],
        {},
        {"kty": "EC"},
        {"kty": ["EC"]},
        {**GOOD, "kid": ["list"]},
        {**GOOD, "kid": {"a": 1}},
        {**GOOD, "x": 1},
        {**GOOD, "use": ["sig"]},
        {"kty": "RSA", "n": 1, "e": None, "kid": "rsa"},
    ],
    ids=lambda odd: repr(odd)[:30],
)
async def test_odd_keys_are_ignored(odd: object) -> None:
    """A key that is none does not keep the others from being used (RFC 7517 section 5)."""
    assert await _kids(json.dumps({"keys": [odd, GOOD]}).encode()) == ["good"]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"keys":1}', b'{"keys":"text"}', b'{"keys":{"a":1}}', b'{"keys":[]}', b'{"keys":' + b"[" * 100_000],
    ids=lambda body: repr(body[:16]),
)
async def test_odd_documents_hold_no_keys(body: bytes) -> None:
    """A document that is no key set is as good as none."""
    with pytest.raises(Unavailable) as caught:
        await _kids(body)

    assert caught.value.status == 503


async def test_slow_provider_is_given_up() -> None:
    """A provider that never comes to an end keeps nobody waiting for longer than a few seconds."""
    with pytest.raises(Unavailable) as caught:
        await asyncio.wait_for(_kids(b'{"keys":[]}', pause_s=20), 7)

    assert caught.value.status == 503


async def test_a_document_that_is_too_large() -> None:
    """Good keys in a document that does not end soon are no keys."""
    with pytest.raises(Unavailable):
        await _kids(json.dumps({"keys": [GOOD]}).encode() + b" " * 300_000)


async def _discovered(**changes: str) -> list[str | None]:
    async def answer(request: Request) -> Response:
        metadata = {"issuer": ISSUER, "jwks_uri": ISSUER + "/jwks", **changes}
        found = metadata if request.url.path.endswith("openid-configuration") else {"keys": [GOOD]}
        return Response(json.dumps(found), media_type="application/json")

    app = Starlette(routes=[Route("/{path:path}", answer)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        found = await ProviderKeys(client, SystemClock(), ISSUER).keys("good")
    return [key.kid for key in found.keys]


async def test_where_a_providers_keys_may_lie() -> None:
    """At the provider's origin, or anywhere by TLS; another's document, or a plain address elsewhere, leads to none."""
    good = [await _discovered(), await _discovered(jwks_uri="https://keys.example/jwks")]
    for changes in ({"issuer": "http://other.example"}, {"issuer": ISSUER + "/"}, {"jwks_uri": "http://keys.example/jwks"}):
        with pytest.raises(Unavailable):
            await _discovered(**changes)

    assert good == [["good"], ["good"]]
