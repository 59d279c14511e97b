"""Signing in at the gateway, and its tokens: pushed request (RFC 9126), PKCE, DPoP (RFC 9449), one audience each (RFC 8707)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from protocol import dpop, strict_json
from protocol.access_token import AccessToken
from protocol.jose import TokenRefused, peek_claims
from protocol.names import AUTHORITIES, AuthorityName

from ._keys import SessionKeys
from ._oauth import Leg
from ._wire import Form, Wire
from .errors import HostRefused, SessionEnded, SignInFailed
from .user_agents import UserAgent

_MARGIN_SECONDS = 30
"""Tokens that live no longer than this are renewed first."""


@dataclass(frozen=True, repr=False)
class Grant:
    """An access token and what it says."""

    raw: str
    token: AccessToken


async def sign_in(wire: Wire, client_id: str, keys: SessionKeys, agent: UserAgent) -> "Tokens":
    """Send the person through the gateway's sign-in and return the session's tokens."""
    leg = Leg()
    pushed = await _post(
        wire,
        keys,
        "/par",
        {
            "client_id": client_id,
            "response_type": "code",
            "redirect_uri": agent.redirect_uri,
            "scope": "openid",
            "state": leg.state,
            "code_challenge": leg.challenge,
            "code_challenge_method": "S256",
            "resource": [wire.deployment.origins[host] for host in AUTHORITIES],
        },
    )
    query = urlencode({"client_id": client_id, "request_uri": _text(pushed, "request_uri")})
    returned = await agent.visit(wire.url("gateway", f"/authorize?{query}"))
    code = leg.code(returned, wire.deployment.origins["gateway"], needs_iss=True)
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "redirect_uri": agent.redirect_uri,
        "code": code,
        "code_verifier": leg.verifier,
    }
    answer = await _post(wire, keys, "/token", form)
    return Tokens(wire, client_id, keys, answer)


class Tokens:
    """One access token for each authority, renewed with the refresh token when it is about to expire."""

    def __init__(self, wire: Wire, client_id: str, keys: SessionKeys, first: dict[str, Any]) -> None:
        self._wire = wire
        self._client_id = client_id
        self._keys = keys
        self._refresh = _text(first, "refresh_token")
        self._grants: dict[AuthorityName, Grant] = {"gateway": self._read("gateway", first)}
        self._locks = {host: asyncio.Lock() for host in AUTHORITIES}

    async def of(self, host: AuthorityName) -> Grant:
        """Return a token for ``host`` that is good for some time yet."""
        async with self._locks[host]:
            held = self._grants.get(host)
            if held is None or held.token.expires_at - _MARGIN_SECONDS <= self._wire.clock():
                held = self._grants[host] = await self._renew(host)
            return held

    async def _renew(self, host: AuthorityName) -> Grant:
        form = {
            "grant_type": "refresh_token",
            "client_id": self._client_id,
            "refresh_token": self._refresh,
            "resource": self._wire.deployment.origins[host],
        }
        try:
            answer = await _post(self._wire, self._keys, "/token", form)
        except HostRefused as error:
            if error.type == "invalid_grant":
                raise SessionEnded from error
            raise
        grant = self._read(host, answer)
        known = self._grants.get(host)
        if known is not None and (grant.token.ref, grant.token.sid) != (known.token.ref, known.token.sid):
            raise SignInFailed("the gateway's tokens speak of several sessions")
        return grant

    def _read(self, host: AuthorityName, answer: dict[str, Any]) -> Grant:
        raw = _text(answer, "access_token")
        origins = self._wire.deployment.origins
        try:
            claims = peek_claims(raw)
            token = AccessToken.from_claims(claims, origins["gateway"], origins[host], self._wire.clock())
        except TokenRefused as error:
            raise SignInFailed("the gateway's token is not for this session") from error
        if token.jkt != self._keys.jkt or str(answer.get("token_type")).lower() != "dpop":
            raise SignInFailed("the gateway's token is not bound to this session")
        return Grant(raw, token)


async def _post(wire: Wire, keys: SessionKeys, path: str, form: Form) -> dict[str, Any]:
    def headers() -> Mapping[str, str]:
        return {"DPoP": dpop.make(keys.dpop, "POST", wire.url("gateway", path), wire.clock())}

    return _document(await wire.send("gateway", "POST", path, headers=headers, form=form))


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        return strict_json.loads_object(answer.content)
    except strict_json.JsonRefused as error:
        raise HostRefused("gateway", "malformed-answer", answer.status_code) from error


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise SignInFailed(f"the gateway gave no {name}")
    return value
