"""Evidence of kind ``oidc``: an ID token of the group's provider whose nonce is the hash of the statement."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .deployment import GroupIdp
from .encoding import b64u, lp
from .jose import TokenRefused
from .times import ID_TOKEN_LIFETIME, check_fresh

PROTOCOL_CLAIMS = frozenset(
    {"iss", "sub", "aud", "exp", "iat", "nonce", "auth_time", "acr", "amr", "azp", "at_hash", "c_hash", "sid", "jti", "nbf"}
)
"""Claims of OpenID Connect Core 1.0 itself: no name, no e-mail."""


@dataclass(frozen=True)
class OidcSubject:
    """Whom the group's provider vouches for: its issuer, and the value of the configured subject claim."""

    issuer: str
    value: str

    def verifier(self, key: bytes) -> bytes:
        """Return what an authority stores instead of the subject: HMAC-SHA256 under a key of its own, 32 bytes."""
        return hmac.digest(key, lp("oidc", self.issuer, self.value), "sha256")


def check_claims(claims: Mapping[str, Any], idp: GroupIdp, h: bytes, now: int) -> OidcSubject:
    """Check the claims of a verified ID token against OpenID Connect Core 1.0 section 3.1.3.7 and this protocol.

    The one audience is the evidence client, so that no token made for another client (the gateway's among them) is evidence.
    """
    if claims.get("iss") != idp.issuer:
        raise TokenRefused("an ID token of another issuer")
    if claims.get("aud") not in (idp.evidence_client, [idp.evidence_client]):
        raise TokenRefused("an ID token for another audience")
    if claims.get("azp", idp.evidence_client) != idp.evidence_client:
        raise TokenRefused("an ID token for another party")
    if claims.get("nonce") != b64u(h):
        raise TokenRefused("an ID token with another nonce")
    exp = claims.get("exp")
    if not isinstance(exp, int) or isinstance(exp, bool) or exp <= now:
        raise TokenRefused("an expired ID token")
    check_fresh(claims.get("iat"), now, ID_TOKEN_LIFETIME)
    if not set(claims) <= PROTOCOL_CLAIMS | idp.allowed_claims | {idp.subject_claim}:
        raise TokenRefused("an ID token says more about its subject than this deployment allows")
    value = claims.get(idp.subject_claim)
    if not isinstance(value, str) or not value:
        raise TokenRefused("an ID token without the configured subject claim")
    return OidcSubject(idp.issuer, value)
