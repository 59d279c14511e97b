"""Signing in at the gateway, and its tokens: pushed request (RFC 9126), PKCE, DPoP (RFC 9449), one audience each (RFC 8707)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
from protocol import dpop, strict_json
from protocol.access_token import AccessToken
from protocol.encoding import b64u
from protocol.jose import TokenRefused, peek_claims
from protocol.names import AUTHORITIES, AuthorityName

from ._evidence import Evidence
from ._keys import SessionKeys
from ._oauth import Leg
from ._wire import Form, Wire, dump
from .errors import EvidenceRefused, HostRefused, HostUnavailable, SessionEnded, SignInFailed
from .user_agents import UserAgent

_MARGIN_SECONDS = 30
"""Tokens that live no longer than this are renewed first."""


@dataclass(frozen=True, repr=False)
class Grant:
    """An access token and what it says."""

    raw: str
    token: AccessToken


@dataclass(frozen=True)
class App:
    """The application as the gateway knows it."""

    client_id: str
    redirect_uri: str
    """Where an answer leads that nobody is sent to: it is read from the redirect."""


async def sign_in(wire: Wire, app: App, keys: SessionKeys, agent: UserAgent, asked: Mapping[str, str]) -> "Tokens":
    """Send the person through the gateway's own sign-in and return the session's tokens; ``asked`` is whose and which account."""
    return await _sign_in(wire, App(app.client_id, agent.redirect_uri), keys, asked, agent.visit)


async def sign_in_with(wire: Wire, app: App, keys: SessionKeys, evidence: Evidence) -> "Tokens":
    """Sign the person in with evidence, without a browser, and return the session's tokens.

    The gateway says the same of a code that it does not know as of one with the wrong PIN: ``EvidenceRefused``.
    """

    async def straight_back(url: str) -> Mapping[str, str]:
        return await _location(wire, url, app.redirect_uri)

    shown = {"statement": b64u(evidence.statement.raw), "evidence": b64u(dump(evidence.proofs["gateway"]))}
    try:
        return await _sign_in(wire, app, keys, shown, straight_back)
    except HostRefused as error:
        if error.type == "access_denied":
            raise EvidenceRefused(error.type, error.host) from error
        raise


async def _sign_in(
    wire: Wire, app: App, keys: SessionKeys, extra: Mapping[str, str], visit: Callable[[str], Awaitable[Mapping[str, str]]]
) -> "Tokens":
    leg = Leg()
    pushed = await _post(
        wire,
        keys,
        "/par",
        {
            "client_id": app.client_id,
            "response_type": "code",
            "redirect_uri": app.redirect_uri,
            "scope": "openid",
            "state": leg.state,
            "code_challenge": leg.challenge,
            "code_challenge_method": "S256",
            "resource": [wire.deployment.origins[host] for host in AUTHORITIES],
            **extra,
        },
    )
    query = urlencode({"client_id": app.client_id, "request_uri": _text(pushed, "request_uri")})
    returned = await visit(wire.url("gateway", f"/authorize?{query}"))
    code = leg.code(returned, wire.deployment.origins["gateway"], needs_iss=True)
    form = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "code": code,
        "code_verifier": leg.verifier,
    }
    answer = await _post(wire, keys, "/token", form)
    return Tokens(wire, app.client_id, keys, answer)


async def _location(wire: Wire, url: str, redirect_uri: str) -> Mapping[str, str]:
    """Return the parameters of the redirect that a page answers, which must lead back to the application."""
    try:
        answer = await wire.http.get(url, follow_redirects=False)
    except httpx.TransportError as error:
        raise HostUnavailable("gateway") from error
    if answer.status_code >= 500:
        raise HostUnavailable("gateway")
    target, _, query = answer.headers.get("Location", "").partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    if answer.status_code != 303 or target != redirect_uri or len(dict(pairs)) != len(pairs):
        raise SignInFailed("the gateway does not lead back")
    return dict(pairs)


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
