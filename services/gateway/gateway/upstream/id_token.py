"""The provider's ID token for the gateway's own sign-in (OpenID Connect Core 1.0 section 3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocol.jose import TokenRefused
from protocol.oidc_evidence import OidcSubject
from protocol.times import check_fresh

ID_TOKEN_AGE = 600
"""Seconds since it was issued; it comes straight from the token endpoint."""


@dataclass(frozen=True)
class Expected:
    """What the ID token must say."""

    issuer: str
    client_id: str
    nonce: str
    subject_claim: str


def check_claims(claims: Mapping[str, Any], expected: Expected, now: int) -> OidcSubject:
    """Return whom the provider signed in, or raise ``TokenRefused``. The one audience is the gateway's own client."""
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("an ID token of another issuer")
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise TokenRefused("an ID token for another audience")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise TokenRefused("an ID token for another party")
    if claims.get("nonce") != expected.nonce:
        raise TokenRefused("an ID token with another nonce")
    exp = claims.get("exp")
    if not isinstance(exp, int) or isinstance(exp, bool) or exp <= now:
        raise TokenRefused("an expired ID token")
    check_fresh(claims.get("iat"), now, ID_TOKEN_AGE)
    subject, value = claims.get("sub"), claims.get(expected.subject_claim)
    if not isinstance(subject, str) or not subject or not isinstance(value, str) or not value:
        raise TokenRefused("an ID token without the configured subject")
    return OidcSubject(expected.issuer, value)
