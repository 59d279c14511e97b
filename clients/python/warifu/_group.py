"""Evidence of kind ``oidc``: an ID token fetched straight from the group's provider, never through a host."""

from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from protocol import strict_json
from protocol.deployment import GroupIdp
from protocol.encoding import b64u
from protocol.jose import TokenRefused, verify
from protocol.messages.release import OidcEvidence
from protocol.oidc_evidence import check_claims
from protocol.statement import Statement
from protocol.times import ID_TOKEN_LIFETIME

from ._oauth import Leg
from ._wire import Clock
from .errors import EvidenceRefused, HostUnavailable, SignInFailed
from .user_agents import UserAgent

PROVIDER = "group-provider"
"""How the provider is called in errors."""


async def fetch(
    http: httpx.AsyncClient, idp: GroupIdp, agent: UserAgent, statement: Statement, clock: Clock
) -> tuple[OidcEvidence, int]:
    """Let the person prove control over the statement at the group's provider; also return when the proof ceases to count.

    The token is checked before anybody else sees it: one that says more than the deployment allows is never sent.
    """
    metadata = await _json(http, idp.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if metadata.get("issuer") != idp.issuer:
        raise SignInFailed("the group's provider calls itself by another name")
    leg = Leg()
    request = {
        "response_type": "code",
        "client_id": idp.evidence_client,
        "redirect_uri": agent.redirect_uri,
        "scope": "openid",
        "state": leg.state,
        "nonce": b64u(statement.h),
        "code_challenge": leg.challenge,
        "code_challenge_method": "S256",
    }
    endpoint = _endpoint(metadata, "authorization_endpoint")
    returned = await agent.visit(f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(request)}")
    needs_iss = metadata.get("authorization_response_iss_parameter_supported") is True
    code = leg.code(returned, idp.issuer, needs_iss=needs_iss)
    form = {
        "grant_type": "authorization_code",
        "client_id": idp.evidence_client,
        "redirect_uri": agent.redirect_uri,
        "code": code,
        "code_verifier": leg.verifier,
    }
    answer = await _json(http, _endpoint(metadata, "token_endpoint"), form)
    keys = _signing_keys(await _json(http, _endpoint(metadata, "jwks_uri")))
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise SignInFailed("the group's provider gave no ID token")
    try:
        claims = verify(token, keys, None, idp.algorithms)
        check_claims(claims, idp, statement.h, clock())
    except TokenRefused as error:
        raise EvidenceRefused(str(error)) from error
    return OidcEvidence(id_token=token), int(claims["iat"]) + ID_TOKEN_LIFETIME


def _endpoint(metadata: dict[str, Any], name: str) -> str:
    value = metadata.get(name)
    if not isinstance(value, str):
        raise SignInFailed(f"the group's provider names no {name}")
    return value


def _signing_keys(jwks: dict[str, Any]) -> KeySet:
    listed = jwks.get("keys")
    found = [key for key in listed if isinstance(key, dict) and key.get("use", "sig") == "sig"] if isinstance(listed, list) else []
    try:
        return KeySet.import_key_set({"keys": found})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignInFailed("the group's provider publishes no usable keys") from error


async def _json(http: httpx.AsyncClient, url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = await http.request("POST" if form else "GET", url, data=form, headers={"Accept": "application/json"})
    except httpx.TransportError as error:
        raise HostUnavailable(PROVIDER) from error
    if answer.status_code >= 500:
        raise HostUnavailable(PROVIDER)
    if not answer.is_success:
        raise SignInFailed("the group's provider refused")
    try:
        return strict_json.loads_object(answer.content)
    except strict_json.JsonRefused as error:
        raise SignInFailed("the group's provider gave an unreadable answer") from error
