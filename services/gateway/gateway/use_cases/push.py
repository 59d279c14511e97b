"""Pushed authorization requests (RFC 9126), from public applications of profile ``app``."""

import secrets
from datetime import datetime

from authority import Authority
from chassis.database import Database
from protocol.encoding import EncodingError, unb64u

from gateway import secret
from gateway.clients import Client
from gateway.context import PUSHED_LIFETIME, Gateway
from gateway.errors import OAuthError
from gateway.networks import Pace
from gateway.parameters import Parameters
from gateway.store import attempts
from gateway.store.attempts import Attempt
from gateway.use_cases import prove

REQUEST_URI = "urn:ietf:params:oauth:request_uri:"
LONGEST_STATE = 2048
LONGEST_NONCE = 255


async def push(
    db: Database, gateway: Gateway, authority: Authority, asked: Parameters, proved: bytes | None, now: datetime, pace: Pace
) -> str:
    """Keep an authorization request and return its request_uri; ``proved`` is the thumbprint of the request's DPoP proof.

    A request may hold the member's evidence: then nobody is sent to the group's provider.
    """
    attempt = read(gateway, asked, proved)
    member = await prove.member(authority, asked, attempt.jkt, int(now.timestamp()), pace)
    value, handle = secret.new_handle()
    async with db.transaction("push-request") as tx:
        # The session id is minted here, after the proof: nothing that was known before signing in lives on.
        known = None if member is None else (member, secrets.token_bytes(16))
        await attempts.push(tx, handle, attempt, now + PUSHED_LIFETIME, known)
    return REQUEST_URI + value


def read(gateway: Gateway, asked: Parameters, proved: bytes | None) -> Attempt:
    """Return what a pushed request asks for, or raise ``OAuthError``."""
    client = client_of(gateway, asked)
    if "request_uri" in asked:
        raise OAuthError("invalid_request", "a pushed request holds no request_uri")
    if "request" in asked:
        raise OAuthError("request_not_supported", "request objects are not supported")
    redirect_uri = asked.one("redirect_uri")
    if redirect_uri is None or not client.allows(redirect_uri):
        raise OAuthError("invalid_request", "redirect_uri is not a registered one")
    if asked.one("response_type") != "code":
        raise OAuthError("unsupported_response_type", "response_type is code")
    if asked.one("response_mode") not in (None, "query"):
        raise OAuthError("invalid_request", "response_mode is query")
    if asked.one("scope") != "openid":
        raise OAuthError("invalid_scope", "scope is openid")
    if asked.one("prompt") == "none":
        raise OAuthError("login_required", "this host keeps no sign-in in the browser")
    return Attempt(
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        state=_short(asked, "state", LONGEST_STATE),
        nonce=_short(asked, "nonce", LONGEST_NONCE),
        challenge=_challenge(asked),
        jkt=_key(asked, proved),
        resources=_resources(gateway, asked),
        place=_place(asked),
        provider=_provider(gateway, asked),
    )


def client_of(gateway: Gateway, asked: Parameters) -> Client:
    """Return the registered application that a request names."""
    client = gateway.clients.get(asked.one("client_id") or "")
    if client is None:
        raise OAuthError("invalid_client", "client_id is not a registered one")
    return client


def _short(asked: Parameters, name: str, longest: int) -> str | None:
    value = asked.one(name)
    if value is not None and len(value) > longest:
        raise OAuthError("invalid_request", f"{name} is too long")
    return value


def _challenge(asked: Parameters) -> bytes:
    # An absent method would mean `plain` (RFC 7636 section 4.3), so it is as good as refused.
    if asked.one("code_challenge_method") != "S256":
        raise OAuthError("invalid_request", "code_challenge_method is S256")
    return _hash_of(asked, "code_challenge")


def _key(asked: Parameters, proved: bytes | None) -> bytes:
    if "dpop_jkt" not in asked:
        if proved is None:
            raise OAuthError("invalid_request", "a DPoP proof or dpop_jkt is needed")
        return proved
    named = _hash_of(asked, "dpop_jkt")
    if proved not in (None, named):
        raise OAuthError("invalid_dpop_proof", "dpop_jkt is not the key of the DPoP proof")
    return named


def _hash_of(asked: Parameters, name: str) -> bytes:
    try:
        return unb64u(asked.one(name) or "", 32)
    except EncodingError:
        raise OAuthError("invalid_request", f"{name} is a SHA-256 value in base64url") from None


def _place(asked: Parameters) -> int:
    said = asked.one("place") or "0"
    if not (said.isascii() and said.isdigit() and len(said) <= 2):
        raise OAuthError("invalid_request", "place is a number up to 99")
    return int(said)


def _provider(gateway: Gateway, asked: Parameters) -> str | None:
    issuer = asked.one("provider")
    party = None if issuer is None else gateway.providers.of(issuer)
    if issuer is not None and party is None:
        raise OAuthError("invalid_request", "provider is the issuer of one of the group's providers")
    return None if party is None else party.idp.name


def _resources(gateway: Gateway, asked: Parameters) -> tuple[str, ...]:
    resources = asked.many("resource")
    if not resources or len(set(resources)) != len(resources) or not set(resources) <= gateway.resources.keys():
        raise OAuthError("invalid_target", "resource is the origin of gateway, keyvault or identity, each at most once")
    return tuple(sorted(resources))
