"""Codes and refresh tokens of staff become tokens for one store."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from chassis.database import Database, Transaction
from protocol.staff_token import LIFETIME as TOKEN_LIFETIME
from protocol.staff_token import StaffToken

from gateway import secret
from gateway.errors import OAuthError
from gateway.messages import StaffTokenAnswer
from gateway.parameters import Parameters
from gateway.pkce import verifies
from gateway.staff_desk import LIFETIME, StaffDesk
from gateway.store import staff as store
from gateway.store.staff import StaffAttempt, StaffSignIn
from gateway.use_cases.staff_end import finish
from gateway.use_cases.staff_push import client_of, desk_of, proved_key

_GRANT_REFUSED = "the code or refresh token is unknown, used up, expired, or not this application's and key's"
_TARGET_REFUSED = "resource is one origin of those that the authorization request named"


@dataclass(frozen=True)
class _Call:
    """A token request of a known application, with the thumbprint of the key that proved it."""

    desk: StaffDesk
    asked: Parameters
    client_id: str
    jkt: bytes
    target: str
    """Origin of the store that the token is for."""
    now: datetime


async def answer(db: Database, desk: StaffDesk | None, asked: Parameters, proved: bytes | None, now: datetime) -> StaffTokenAnswer:
    """Answer a token request whose DPoP proof was made by the key of thumbprint ``proved``."""
    there = desk_of(desk)
    client_id, jkt, named = client_of(there, asked).client_id, proved_key(proved), asked.many("resource")
    if len(named) != 1 or named[0] not in there.resources:
        raise OAuthError("invalid_target", _TARGET_REFUSED)
    call = _Call(there, asked, client_id, jkt, named[0], now)
    match asked.one("grant_type"):
        case "authorization_code":
            return await _redeem(db, call)
        case "refresh_token":
            return await _refresh(db, call)
        case _:
            raise OAuthError("unsupported_grant_type", "grant_type is authorization_code or refresh_token")


async def purge(db: Database, now: datetime) -> None:
    """Forget sign-ins of staff that are over, and what nobody finished."""
    async with db.transaction("purge-staff-sign-ins") as tx:
        await store.purge(tx, now)


async def _redeem(db: Database, call: _Call) -> StaffTokenAnswer:
    code = secret.handle(call.asked.one("code") or "")
    if code is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    refresh_token, refresh_hash = secret.new_handle()
    made: StaffSignIn | None = None
    # No refusal is raised inside: it would undo what it is about, the code that is used up and the sign-in that is ended.
    async with db.transaction("redeem-staff-code") as tx:
        granted = await store.redeem(tx, code, now=call.now, until=call.now + LIFETIME)
        if granted is None:
            await _end_of_used(tx, call, code)
        elif _belongs(granted[0], call):
            attempt, member = granted
            made = StaffSignIn(member, attempt.jkt, attempt.client_id, attempt.resources, call.now + LIFETIME)
            await store.begin(tx, made, refresh_hash, min(call.now + call.desk.idle, made.expires_at))
        else:
            await store.end(tx, granted[1].session_id)
    if made is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    return (await _token(call, made)).model_copy(update={"refresh_token": refresh_token})


async def _refresh(db: Database, call: _Call) -> StaffTokenAnswer:
    token = secret.handle(call.asked.one("refresh_token") or "")
    if token is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    idle_until = call.now + call.desk.idle
    async with db.transaction("refresh-staff") as tx:
        found = await store.refresh(tx, token, call.client_id, call.jkt, now=call.now, idle_until=idle_until)
    if found is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    if call.target not in found.resources:
        raise OAuthError("invalid_target", _TARGET_REFUSED)
    return await _token(call, found)


async def _end_of_used(tx: Transaction, call: _Call, code: bytes) -> None:
    """End the sign-in of a code that comes a second time: one of the two who had it is a thief (RFC 6749 section 4.1.2)."""
    session = await store.session_of_used(tx, code)
    ended = None if session is None else await store.end(tx, session)
    if ended is not None:
        await finish(tx, call.desk, ended, call.now)


def _belongs(attempt: StaffAttempt, call: _Call) -> bool:
    return (
        attempt.client_id == call.client_id
        and attempt.redirect_uri == call.asked.one("redirect_uri")
        and call.target in attempt.resources
        and hmac.compare_digest(attempt.jkt, call.jkt)
        and verifies(call.asked.one("code_verifier"), attempt.challenge)
    )


async def _token(call: _Call, made: StaffSignIn) -> StaffTokenAnswer:
    desk, issued_at = call.desk, int(call.now.timestamp())
    lifetime = min(TOKEN_LIFETIME, int(made.expires_at.timestamp()) - issued_at)
    token = StaffToken(
        iss=desk.authority.issuer,
        aud=call.target,
        sub=desk.subject(made.member.person, desk.resources[call.target]),
        roles=made.member.roles,
        client_id=made.client_id,
        jkt=made.jkt,
        iat=issued_at,
        exp=issued_at + lifetime,
        jti=secrets.token_bytes(16),
    )
    signed = await desk.authority.with_keys(lambda: token.encode(desk.authority.keys.signing))
    return StaffTokenAnswer(access_token=signed, expires_in=lifetime)
