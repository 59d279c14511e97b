"""Pushed authorization requests of staff's applications (RFC 9126): public, PKCE and DPoP required, tokens for stores alone."""

from datetime import datetime

from chassis.database import Database
from protocol.encoding import EncodingError, unb64u

from gateway import secret
from gateway.clients import Client
from gateway.context import PUSHED_LIFETIME
from gateway.errors import OAuthError
from gateway.parameters import Parameters
from gateway.staff_desk import SCOPE, StaffDesk
from gateway.store import staff as store
from gateway.store.staff import StaffAttempt
from gateway.use_cases.push import REQUEST_URI

LONGEST_STATE = 2048


async def push(db: Database, desk: StaffDesk | None, asked: Parameters, proved: bytes | None, now: datetime) -> str:
    """Keep an authorization request and return its request_uri; ``proved`` is the thumbprint of the request's DPoP proof."""
    attempt = _read(desk_of(desk), asked, proved)
    value, handle = secret.new_handle()
    async with db.transaction("push-staff-request") as tx:
        await store.push(tx, handle, attempt, now + PUSHED_LIFETIME)
    return REQUEST_URI + value


def desk_of(desk: StaffDesk | None) -> StaffDesk:
    """Return where staff signs in; raises ``OAuthError`` where it does not."""
    if desk is None:
        raise OAuthError("unauthorized_client", "no staff signs in here")
    return desk


def client_of(desk: StaffDesk, asked: Parameters) -> Client:
    """Return the registered application of staff that a request names."""
    client = desk.clients.get(asked.one("client_id") or "")
    if client is None:
        raise OAuthError("invalid_client", "client_id is not one of staff's applications")
    return client


def proved_key(proved: bytes | None) -> bytes:
    """Return the key that made the request's DPoP proof."""
    if proved is None:
        raise OAuthError("invalid_dpop_proof", "a DPoP proof is needed")
    return proved


def _read(desk: StaffDesk, asked: Parameters, proved: bytes | None) -> StaffAttempt:
    client = client_of(desk, asked)
    redirect_uri = asked.one("redirect_uri")
    if redirect_uri is None or not client.allows(redirect_uri):
        raise OAuthError("invalid_request", "redirect_uri is not a registered one")
    if asked.one("response_type") != "code" or asked.one("response_mode") not in (None, "query"):
        raise OAuthError("unsupported_response_type", "response_type is code, response_mode query")
    if asked.one("scope") != SCOPE:
        raise OAuthError("invalid_scope", "scope is staff")
    state = asked.one("state")
    if state is not None and len(state) > LONGEST_STATE:
        raise OAuthError("invalid_request", "state is too long")
    resources = asked.many("resource")
    if not resources or len(set(resources)) != len(resources) or not set(resources) <= desk.resources.keys():
        raise OAuthError("invalid_target", "resource is the origin of anon-data or programs, each at most once")
    return StaffAttempt(client.client_id, redirect_uri, state, _challenge(asked), proved_key(proved), tuple(sorted(resources)))


def _challenge(asked: Parameters) -> bytes:
    # An absent method would mean `plain` (RFC 7636 section 4.3).
    if asked.one("code_challenge_method") != "S256":
        raise OAuthError("invalid_request", "code_challenge_method is S256")
    try:
        return unb64u(asked.one("code_challenge") or "", 32)
    except EncodingError:
        raise OAuthError("invalid_request", "code_challenge is a SHA-256 value in base64url") from None
