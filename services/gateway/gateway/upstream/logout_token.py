"""A provider's logout token (OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocol.jose import TokenRefused
from protocol.times import PROOF_LIFETIME, check_fresh

LOGOUT_TOKEN_TYPES = ("logout+jwt", "application/logout+jwt", "", "jwt")
"""The type of its own is recommended, not required; an ID token is told apart by its nonce, and by the event that it lacks."""
EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LONGEST = 512


@dataclass(frozen=True)
class LoggedOut:
    """Who or what ended at a provider: a subject, one sign-in, or a sign-in of a subject."""

    issuer: str
    sub: str | None
    sid: str | None
    jti: str
    issued_at: int


def check_claims(claims: Mapping[str, Any], issuer: str, client_id: str, now: int) -> LoggedOut:
    """Return what a verified token says, or raise ``TokenRefused``."""
    if claims.get("iss") != issuer or claims.get("aud") not in (client_id, [client_id]):
        raise TokenRefused("a logout token of another issuer, or for another audience")
    issued_at = check_fresh(claims.get("iat"), now, PROOF_LIFETIME)
    exp = claims.get("exp", now + 1)
    if not isinstance(exp, int) or isinstance(exp, bool) or exp <= now:
        raise TokenRefused("an expired logout token")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict) or "nonce" in claims:
        raise TokenRefused("a token of another event")
    sub, sid, jti = (_text(claims, name) for name in ("sub", "sid", "jti"))
    if jti is None or (sub is None and sid is None):
        raise TokenRefused("a logout token has jti, and sub or sid")
    return LoggedOut(issuer, sub, sid, jti, issued_at)


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is not None and (not isinstance(value, str) or not 0 < len(value) <= _LONGEST):
        raise TokenRefused("a claim of another form")
    return value
