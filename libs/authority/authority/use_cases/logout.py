"""Back-channel logout: the gateway tells this authority that a session ended (OpenID Connect Back-Channel Logout 1.0)."""

from typing import Any

from chassis.database import Database
from protocol.encoding import EncodingError, unb64u
from protocol.jose import TokenRefused, peek_header, verify
from protocol.times import SKEW

from authority.errors import LogoutRefused
from authority.start import Authority
from authority.use_cases.sessions import end

TYP = "logout+jwt"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


async def backchannel_logout(db: Database, authority: Authority, token: str, now: int) -> None:
    """End the session that a logout token names. A repeated token ends it again, which changes nothing."""
    try:
        kid = peek_header(token).get("kid")
        keys = await authority.token_keys.keys(kid if isinstance(kid, str) else None)
        sid = _sid(verify(token, keys, TYP), authority, now)
    except (TokenRefused, EncodingError):
        raise LogoutRefused from None
    await end(db, authority, sid, now)


def _sid(claims: dict[str, Any], authority: Authority, now: int) -> bytes:
    """Check the claims as section 2.6 asks and return the session id."""
    audience, events = claims.get("aud"), claims.get("events")
    if claims.get("iss") != authority.issuer or audience not in (authority.origin, [authority.origin]):
        raise TokenRefused("a logout token of another issuer or for another audience")
    times = [claims.get("iat"), claims.get("exp")]
    if not all(isinstance(time, int) and not isinstance(time, bool) for time in times):
        raise TokenRefused("a logout token needs its times")
    if claims["iat"] > now + SKEW or claims["exp"] <= now:
        raise TokenRefused("an expired logout token, or from the future")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise TokenRefused("a logout token of another event")
    if "nonce" in claims or not isinstance(claims.get("jti"), str) or not isinstance(claims.get("sid"), str):
        raise TokenRefused("a logout token has jti and sid, and no nonce")
    return unb64u(claims["sid"], 16)
