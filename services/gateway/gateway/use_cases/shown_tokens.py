"""Access tokens that come back to this host: at userinfo, at introspection, at revocation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.database import Database
from chassis.once import Once
from protocol import dpop, jose
from protocol.access_token import TYP
from protocol.encoding import EncodingError, b64u, sha256, unb64u
from protocol.jose import TokenRefused

from gateway import secret
from gateway.clients import Client
from gateway.context import Gateway
from gateway.errors import TokenError
from gateway.store import sessions
from gateway.store.sessions import SignIn
from gateway.use_cases.access_tokens import CLIENT_SUBJECT


@dataclass(frozen=True)
class Shown:
    """A token that is good now."""

    claims: Mapping[str, Any]
    session: SignIn | None
    """None where an application acts for itself."""


async def userinfo(
    db: Database,
    gateway: Gateway,
    once: Once,
    headers: Sequence[str],
    in_body: str | None,
    proofs: Sequence[str],
    method: str,
    now: datetime,
) -> dict[str, object]:
    """Return what the application of a token for userinfo may know (OpenID Connect Core 1.0 section 5.3); raises ``TokenError``."""
    scheme, token = _presented(headers, in_body)
    shown = await access_token(db, gateway, token, now)
    if shown is None or shown.claims.get("aud") != gateway.userinfo or shown.session is None:
        raise TokenError("invalid_token")
    await _check_bound(gateway, once, shown, scheme, token, proofs, method, int(now.timestamp()))
    if "openid" not in str(shown.claims.get("scope", "")).split(" "):
        raise TokenError("insufficient_scope")
    claims = gateway.synthetic_claims(shown.session.ref, str(shown.claims["scope"]))
    return {**claims, "sub": shown.claims["sub"]}


async def introspect(db: Database, gateway: Gateway, client: Client, token: str, now: datetime) -> dict[str, object]:
    """Return what an application may know of a token (RFC 7662 section 2.2): of its own, and of those that are shown to it."""
    shown = await access_token(db, gateway, token, now)
    if shown is not None and (shown.claims["client_id"] == client.client_id or shown.claims["aud"] in client.serves):
        told = {name: value for name, value in shown.claims.items() if name != "jti"}
        return {"active": True, "token_type": "DPoP" if "cnf" in told else "Bearer", **told}
    session = await _of_refresh_token(db, token, now)
    if session is not None and session.client_id == client.client_id:
        return {
            "active": True,
            "client_id": client.client_id,
            "sub": gateway.subject(client, session.ref),
            "scope": session.scope,
            "exp": int(session.expires_at.timestamp()),
            **({} if session.jkt is None else {"cnf": {"jkt": b64u(session.jkt)}}),
        }
    # Not known, over, or none of this application's business: nobody learns which.
    return {"active": False}


async def access_token(db: Database, gateway: Gateway, token: str, now: datetime) -> Shown | None:
    """Return a token for userinfo or a program that is good now, its session included; None for everything else."""
    try:
        claims = jose.verify(token, gateway.token_keys.key_set, TYP)
    except TokenRefused:
        return None
    exp, audience = claims.get("exp"), claims.get("aud")
    good = claims.get("iss") == gateway.issuer and isinstance(exp, int) and exp > now.timestamp()
    # Tokens for the authorities carry references, of which no application learns anything here.
    if not good or audience in gateway.resources:
        return None
    if str(claims.get("sub")).startswith(CLIENT_SUBJECT):
        return Shown(claims, None)
    try:
        sid = unb64u(str(claims.get("sid")), 16)
    except EncodingError:
        return None
    async with db.transaction("find-session", readonly=True) as tx:
        session = await sessions.by_sid(tx, sid, now)
    return None if session is None else Shown(claims, session)


async def _of_refresh_token(db: Database, token: str, now: datetime) -> SignIn | None:
    handle = secret.handle(token)
    if handle is None:
        return None
    async with db.transaction("find-refresh-token", readonly=True) as tx:
        return await sessions.by_refresh(tx, handle, now)


def _presented(headers: Sequence[str], in_body: str | None) -> tuple[str, str]:
    if len(headers) + (in_body is not None) > 1:
        raise TokenError("invalid_request")
    if in_body is not None:
        return "bearer", in_body
    if not headers:
        raise TokenError(None)
    scheme, _, token = headers[0].partition(" ")
    if scheme.lower() not in ("bearer", "dpop") or not token:
        raise TokenError("invalid_request")
    return scheme.lower(), token


async def _check_bound(
    gateway: Gateway, once: Once, shown: Shown, scheme: str, token: str, proofs: Sequence[str], method: str, now: int
) -> None:
    """Refuse a bound token without its key: it is no bearer token for want of it (RFC 9449 section 7.1, 7.2)."""
    bound = shown.claims.get("cnf")
    if (bound is not None) != (scheme == "dpop"):
        raise TokenError("invalid_token")
    if bound is None:
        return
    try:
        if len(proofs) != 1:
            raise TokenError("invalid_dpop_proof")
        proof = dpop.check(proofs[0], method, gateway.userinfo, now, token)
    except TokenRefused:
        raise TokenError("invalid_dpop_proof") from None
    if bound != {"jkt": b64u(proof.jkt)} or not await once.first(sha256(proof.jkt, proof.jti.encode()), proof.iat):
        raise TokenError("invalid_dpop_proof")
