"""The provider's ID token for the gateway's own sign-in (OpenID Connect Core 1.0 sections 3.1.3.7 and 3.1.3.8)."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocol.encoding import b64u
from protocol.jose import TokenRefused
from protocol.times import SKEW, check_fresh

ID_TOKEN_AGE = 600
"""Seconds since it was issued; it comes straight from the token endpoint."""
_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


@dataclass(frozen=True)
class Expected:
    """What the ID token must say."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None
    """What came beside it."""


def check_claims(claims: Mapping[str, Any], algorithm: str, expected: Expected, now: int) -> str:
    """Return the provider's own subject, or raise ``TokenRefused``. The one audience is the gateway's own client."""
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("an ID token of another issuer")
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise TokenRefused("an ID token for another audience")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise TokenRefused("an ID token for another party")
    if claims.get("nonce") != expected.nonce:
        raise TokenRefused("an ID token with another nonce")
    if _time(claims.get("exp")) <= now or _time(claims.get("nbf", now)) > now + SKEW:
        raise TokenRefused("an expired ID token, or one of the future")
    check_fresh(claims.get("iat"), now, ID_TOKEN_AGE)
    if "at_hash" in claims and not _is_hash(claims["at_hash"], expected.access_token, algorithm):
        raise TokenRefused("an ID token with another access token")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise TokenRefused("an ID token without a subject")
    return subject


def _time(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TokenRefused("a time is missing")
    return value


def _is_hash(said: object, access_token: str | None, algorithm: str) -> bool:
    digest = _HASHES.get(algorithm[-3:])
    if digest is None or access_token is None or not isinstance(said, str):
        return False
    full = digest(access_token.encode()).digest()
    return hmac.compare_digest(said.encode(), b64u(full[: len(full) // 2]).encode())
