"""The two requests that the gateway itself makes for somebody who signs in: a code for tokens, and the claims of userinfo."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import httpx
from protocol import strict_json

from gateway.upstream.errors import ProviderRefused, ProviderUnreachable

PATIENCE_S = 5.0
"""For one answer, however slowly it comes."""
_LARGEST = 256 * 1024
_REFUSALS = (400, 401, 403)


def provider_client() -> httpx.AsyncClient:
    """Return the client for all providers: no redirects, no proxies of the environment, no cookies, which would be one member's."""
    cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(timeout=PATIENCE_S, follow_redirects=False, trust_env=False, cookies=cookies)


async def redeem(
    http: httpx.AsyncClient, endpoint: str, form: Mapping[str, str], client_id: str, client_secret: str
) -> dict[str, Any]:
    """Return the token endpoint's answer (RFC 6749 sections 2.3.1, 4.1.3); raises ProviderRefused, ProviderUnreachable."""
    # Both are form-encoded before they are joined: a colon, a plus sign or a percent sign may stand in either.
    basic = b64encode(f"{quote(client_id, safe='')}:{quote(client_secret, safe='')}".encode()).decode()
    return await _json(http, http.build_request("POST", endpoint, data=dict(form), headers={"Authorization": f"Basic {basic}"}))


async def userinfo(http: httpx.AsyncClient, endpoint: str, access_token: str) -> dict[str, Any]:
    """Return the claims of userinfo (OpenID Connect Core 1.0 section 5.3); raises ProviderRefused, ProviderUnreachable."""
    return await _json(http, http.build_request("GET", endpoint, headers={"Authorization": f"Bearer {access_token}"}))


async def _json(http: httpx.AsyncClient, request: httpx.Request) -> dict[str, Any]:
    request.headers["Accept"] = "application/json"
    try:
        async with asyncio.timeout(PATIENCE_S):
            answer = await http.send(request, stream=True)
            try:
                body = await _body(answer)
            finally:
                await answer.aclose()
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise ProviderUnreachable("the provider does not answer") from error
    if answer.status_code in _REFUSALS:
        raise ProviderRefused("the provider refuses what it gave before")
    if answer.status_code != 200:
        raise ProviderUnreachable("the provider cannot answer now")
    try:
        return strict_json.loads_object(body)
    except strict_json.JsonRefused:
        raise ProviderRefused("an answer that is not JSON") from None


async def _body(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > _LARGEST:
            raise ProviderUnreachable("an answer is too large")
    return bytes(body)
