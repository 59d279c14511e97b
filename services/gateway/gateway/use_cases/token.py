"""The token endpoint: codes, refresh tokens, and applications for themselves."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from chassis.database import Database, Transaction

from gateway import secret
from gateway.audit import audit
from gateway.clients import Client, GrantType
from gateway.context import Gateway
from gateway.errors import OAuthError
from gateway.messages import TokenAnswer
from gateway.parameters import Parameters
from gateway.pkce import verifies
from gateway.store import attempts, sessions
from gateway.store.attempts import Grant
from gateway.store.references import References
from gateway.store.sessions import SignIn
from gateway.tokens import half_hash
from gateway.use_cases import access_tokens
from gateway.use_cases.access_tokens import Target
from gateway.use_cases.end_session import end_browser, finish

_GRANT_REFUSED = "the code or refresh token is unknown, used up, expired, or not this application's and key's"
_GRANTS: dict[str, GrantType] = {name: name for name in ("authorization_code", "refresh_token", "client_credentials")}


@dataclass(frozen=True)
class _Call:
    """A token request of a known application, with the thumbprint of the key that proved it, if one did."""

    asked: Parameters
    client: Client
    jkt: bytes | None
    target: Target
    now: datetime


async def answer(
    db: Database, gateway: Gateway, client: Client, asked: Parameters, proved: bytes | None, now: datetime
) -> TokenAnswer:
    """Answer a token request whose DPoP proof was made by the key of thumbprint ``proved``."""
    if proved is None and client.rules.dpop:
        raise OAuthError("invalid_dpop_proof", "a DPoP proof is needed")
    grant_type = _GRANTS.get(asked.one("grant_type") or "")
    if grant_type is None:
        raise OAuthError("unsupported_grant_type", f"grant_type is one of {', '.join(_GRANTS)}")
    if grant_type not in client.grant_types:
        raise OAuthError("unauthorized_client", "this application was not given this grant_type")
    call = _Call(asked, client, proved, access_tokens.target(gateway, client, asked, grant_type), now)
    match grant_type:
        case "authorization_code":
            return await _redeem(db, gateway, call)
        case "refresh_token":
            return await _refresh(db, gateway, call)
        case "client_credentials":
            return access_tokens.of_client(gateway, client, call.target, proved, int(now.timestamp()))


async def _redeem(db: Database, gateway: Gateway, call: _Call) -> TokenAnswer:
    code = secret.handle(call.asked.one("code") or "")
    if code is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    refresh_token, refresh_hash = secret.new_handle()
    granted: tuple[Grant, SignIn, References] | None = None
    replayed = False
    # No refusal is raised inside: it would undo what it is about, the code that is used up and the session that is ended.
    async with db.transaction("redeem-code") as tx:
        redeemed = await attempts.redeem(tx, code, now=call.now, until=call.now + gateway.session_lifetime)
        grant, refs = redeemed or (None, None)
        if grant is None:
            replayed = True
        elif refs is not None and _belongs(grant, call):
            session = _session(gateway, grant, call)
            await sessions.begin(tx, session, refresh_hash, min(_idle_until(gateway, call), session.expires_at))
            granted = (grant, session, refs)
        else:
            # No session came of it, so nothing is left that a second use could end, and who signed in is forgotten.
            await attempts.delete_of_session(tx, grant.session_id)
    if replayed:
        # In a transaction of its own: the first one may have locked the code, and whoever ends a session takes that first.
        async with db.transaction("end-replayed") as tx:
            await _end_of_used(tx, gateway, code, call.now)
    if granted is None:
        audit("code_refused", client=call.client)
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    grant, session, refs = granted
    access = access_tokens.of_session(gateway, call.client, session, refs, call.target, call.now)
    id_token = _id_token(gateway, call.client, grant, session, access.access_token, call.now)
    renewable = refresh_token if "refresh_token" in call.client.grant_types else None
    audit("token_given", client=call.client, grant="authorization_code")
    return access.model_copy(update={"refresh_token": renewable, "id_token": id_token})


async def _refresh(db: Database, gateway: Gateway, call: _Call) -> TokenAnswer:
    token = secret.handle(call.asked.one("refresh_token") or "")
    if token is None:
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    idle = sessions.Idle(_idle_until(gateway, call), call.now + gateway.idle_lifetime)
    async with db.statements("refresh") as tx:
        found = await sessions.refresh(tx, token, call.client.client_id, call.jkt, now=call.now, idle=idle)
    if found is None:
        audit("refresh_refused", client=call.client)
        raise OAuthError("invalid_grant", _GRANT_REFUSED)
    return access_tokens.of_session(gateway, call.client, *found, call.target, call.now)


async def _end_of_used(tx: Transaction, gateway: Gateway, code: bytes, now: datetime) -> None:
    """End the session of a code that comes a second time: one of the two who had it is a thief (RFC 6749 section 4.1.2)."""
    used = await attempts.used(tx, code)
    if used is None:
        return
    audit("code_replayed", client=used.attempt.client_id)
    if used.signed_in.browser_id is not None:
        await end_browser(tx, gateway, used.signed_in.browser_id, now)
    elif (session := await sessions.end(tx, used.session_id)) is not None:
        await finish(tx, gateway, session, now)


def _idle_until(gateway: Gateway, call: _Call) -> datetime:
    return call.now + (gateway.idle_lifetime if call.client.rules.idles else gateway.session_lifetime)


def _belongs(grant: Grant, call: _Call) -> bool:
    attempt = grant.attempt
    return (
        attempt.client_id == call.client.client_id
        and attempt.redirect_uri == call.asked.one("redirect_uri")
        and call.target.is_within(attempt.resources, attempt.scope)
        and (attempt.jkt is None or (call.jkt is not None and hmac.compare_digest(attempt.jkt, call.jkt)))
        and _verifies(call.asked.one("code_verifier"), attempt.challenge)
    )


def _verifies(verifier: str | None, challenge: bytes | None) -> bool:
    # A verifier without a challenge: somebody took the challenge out of the request (RFC 9700 section 4.8.2).
    return verifier is None if challenge is None else verifies(verifier, challenge)


def _session(gateway: Gateway, grant: Grant, call: _Call) -> SignIn:
    signed_in, attempt = grant.signed_in, grant.attempt
    return SignIn(
        id=grant.session_id,
        sid_gateway=gateway.pairwise.sid(grant.session_id, "gateway"),
        ref=signed_in.ref,
        client_id=attempt.client_id,
        jkt=call.jkt,
        resources=attempt.resources,
        expires_at=call.now + gateway.session_lifetime,
        browser_id=signed_in.browser_id,
        scope=attempt.scope,
        acr=signed_in.acr,
        auth_time=signed_in.auth_time,
        tells_time=attempt.max_age is not None,
    )


def _id_token(gateway: Gateway, client: Client, grant: Grant, session: SignIn, access_token: str, now: datetime) -> str:
    claims: dict[str, object] = {
        "iss": gateway.issuer,
        "sub": gateway.subject(client, session.ref),
        "aud": client.client_id,
        "sid": access_tokens.sid(session),
        "acr": session.acr,
        "at_hash": half_hash(access_token),
    }
    if grant.attempt.nonce is not None:
        claims["nonce"] = grant.attempt.nonce
    if session.tells_time:
        claims["auth_time"] = int(session.auth_time.timestamp())
    return gateway.signer(client).id_token(claims, int(now.timestamp()))
