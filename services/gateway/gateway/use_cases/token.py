"""Codes and refresh tokens become access tokens."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from chassis.database import Database, Transaction
from protocol.access_token import AccessToken

from gateway import secret
from gateway.context import Gateway
from gateway.errors import OAuthError
from gateway.messages import TokenAnswer
from gateway.parameters import Parameters
from gateway.pkce import verifies
from gateway.store import attempts, references, sessions
from gateway.store.attempts import Grant
from gateway.store.references import References
from gateway.store.sessions import SignIn
from gateway.tokens import access_lifetime
from gateway.use_cases.end_session import finish
from gateway.use_cases.push import client_of

_GRANT_REFUSED = "the code or refresh token is unknown, used up, expired, or not this application's and key's"

_TARGET_REFUSED = "resource is one origin of those that the authorization request named"


@dataclass(frozen=True)
class _Call:
    """A token request of a known application, with the thumbprint of the key that proved it."""

    asked: Parameters
    client_id: str
    jkt: bytes
    target: str
    """Origin that the access token is for."""
    now: datetime


async def answer(db: Database, gateway: Gateway, asked: Parameters, proved: bytes | None, now: datetime) -> TokenAnswer:
    """Answer a token request whose DPoP proof was made by the key of thumbprint ``proved``."""
    client_id = client_of(gateway, asked).client_id
    if proved is None:
        raise OAuthError("invalid_dpop_proof", "a DPoP proof is needed")
    if asked.one("scope") not in (None, "openid"):
        raise OAuthError("invalid_scope", "scope is openid")
    call = _Call(asked, client_id, proved, _target(gateway, asked), now)
    match asked.one("grant_type"):
        case "authorization_code":
            return await _redeem(db, gateway, call)
        case "refresh_token":
            return await _refresh(db, gateway, call)
        case _:
            raise OAuthError("unsupported_grant_type", "grant_type is authorization_code or refresh_token")


async def _redeem(db: Database, gateway: Gateway, call: _Call) -> TokenAnswer:
    code = secret.handle(call.asked.one("code") or "")
    if code is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    refresh_token, refresh_hash = secret.new_handle()
    granted: tuple[Grant, SignIn, References] | None = None
    replayed = False
    # No refusal is raised inside: it would undo what it is about, the code that is used up and the session that is ended.
    async with db.transaction("redeem-code") as tx:
        grant = await attempts.redeem(tx, code, now=call.now, until=call.now + gateway.session_lifetime)
        if grant is None:
            replayed = True
        elif _belongs(grant, call) and (refs := await references.of(tx, grant.ref)):
            session = _session(gateway, grant, call.now)
            await sessions.begin(tx, session, refresh_hash, min(call.now + gateway.idle_lifetime, session.expires_at))
            granted = (grant, session, refs)
        else:
            # No session came of it, so nothing is left that a second use could end, and who signed in is forgotten.
            await attempts.delete_of_session(tx, grant.session_id)
    if replayed:
        # In a transaction of its own: the first one may have locked the code, and whoever ends a session takes that first.
        async with db.transaction("end-replayed") as tx:
            await _end_of_used(tx, gateway, code, call.now)
    if granted is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    grant, session, refs = granted
    access = _access_token(gateway, session, refs, call)
    return access.model_copy(update={"refresh_token": refresh_token, "id_token": _id_token(gateway, grant, call.now)})


async def _refresh(db: Database, gateway: Gateway, call: _Call) -> TokenAnswer:
    token = secret.handle(call.asked.one("refresh_token") or "")
    if token is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    idle_until = call.now + gateway.idle_lifetime
    async with db.transaction("refresh") as tx:
        session = await sessions.refresh(tx, token, call.client_id, call.jkt, now=call.now, idle_until=idle_until)
        refs = None if session is None else await references.of(tx, session.ref)
    if session is None or refs is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    if call.target not in session.resources:
        raise OAuthError("invalid_target", _TARGET_REFUSED)
    return _access_token(gateway, session, refs, call)


async def _end_of_used(tx: Transaction, gateway: Gateway, code: bytes, now: datetime) -> None:
    """End the session of a code that comes a second time: one of the two who had it is a thief (RFC 6749 section 4.1.2)."""
    session_id = await attempts.session_of_used(tx, code)
    session = None if session_id is None else await sessions.end(tx, session_id)
    if session is not None:
        await finish(tx, gateway, session, now)


def _target(gateway: Gateway, asked: Parameters) -> str:
    """Return the one origin that an access token is asked for (RFC 8707 section 2.2); this host's own when none is named."""
    named = asked.many("resource") or [gateway.issuer]
    if len(named) != 1 or named[0] not in gateway.resources:
        raise OAuthError("invalid_target", _TARGET_REFUSED)
    return named[0]


def _belongs(grant: Grant, call: _Call) -> bool:
    attempt = grant.attempt
    return (
        attempt.client_id == call.client_id
        and attempt.redirect_uri == call.asked.one("redirect_uri")
        and call.target in attempt.resources
        and hmac.compare_digest(attempt.jkt, call.jkt)
        and verifies(call.asked.one("code_verifier"), attempt.challenge)
    )


def _session(gateway: Gateway, grant: Grant, now: datetime) -> SignIn:
    return SignIn(
        id=grant.session_id,
        sid_gateway=gateway.pairwise.sid(grant.session_id, "gateway"),
        ref=grant.ref,
        client_id=grant.attempt.client_id,
        jkt=grant.attempt.jkt,
        resources=grant.attempt.resources,
        expires_at=now + gateway.session_lifetime,
    )


def _access_token(gateway: Gateway, session: SignIn, refs: References, call: _Call) -> TokenAnswer:
    host, issued_at = gateway.resources[call.target], int(call.now.timestamp())
    lifetime = access_lifetime(issued_at, int(session.expires_at.timestamp()))
    token = AccessToken(
        issuer=gateway.issuer,
        audience=call.target,
        ref=refs.at(host),
        sid=gateway.pairwise.sid(session.id, host),
        jkt=session.jkt,
        client_id=session.client_id,
        issued_at=issued_at,
        expires_at=issued_at + lifetime,
    )
    return TokenAnswer(access_token=gateway.token_key.access_token(token), expires_in=lifetime)


def _id_token(gateway: Gateway, grant: Grant, now: datetime) -> str:
    client_id, nonce = grant.attempt.client_id, grant.attempt.nonce
    claims = {"iss": gateway.issuer, "sub": gateway.pairwise.subject(client_id, grant.ref), "aud": client_id}
    return gateway.token_key.id_token(claims if nonce is None else {**claims, "nonce": nonce}, int(now.timestamp()))
