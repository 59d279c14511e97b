"""DPoP proofs (RFC 9449), ES256 only."""

import secrets
from dataclasses import dataclass

from joserfc.jwk import ECKey

from .encoding import b64u, sha256
from .jose import TokenRefused, import_public, peek_header, public_jwk, sign, verify
from .times import PROOF_LIFETIME, check_fresh

TYP = "dpop+jwt"
_ASIDE = frozenset({"alg", "use", "kid", "key_ops", "ext"})
"""Members of a JWK that may stand beside those of the key (RFC 7517 section 4)."""


@dataclass(frozen=True)
class DpopProof:
    """A verified proof: who made it, and the identifier that must be seen only once."""

    jkt: bytes
    """RFC 7638 thumbprint of the proof key, 32 bytes."""
    jti: str
    iat: int


def target(url: str) -> str:
    """Return ``htu``: the URL without query and fragment (RFC 9449 section 4.2)."""
    return url.split("#", 1)[0].split("?", 1)[0]


def make(key: ECKey, method: str, url: str, now: int, access_token: str | None = None) -> str:
    """Return a proof for one request; ``access_token`` is named when the request carries one."""
    claims: dict[str, object] = {"jti": b64u(secrets.token_bytes(16)), "htm": method, "htu": target(url), "iat": now}
    if access_token is not None:
        claims["ath"] = b64u(sha256(access_token.encode()))
    return sign(TYP, claims, key, jwk=public_jwk(key))


def check(proof: str, method: str, url: str, now: int, access_token: str | None = None) -> DpopProof:
    """Verify a proof against the request as this server is known to its clients, or raise ``TokenRefused``.

    ``url`` is built from the configured origin, never from a Host header.
    """
    jwk = peek_header(proof).get("jwk")
    if not isinstance(jwk, dict):
        raise TokenRefused("a DPoP proof names its key")
    # Libraries of others also say what the key is for, which decides nothing here.
    key, jkt = import_public({name: value for name, value in jwk.items() if name not in _ASIDE})
    claims = verify(proof, key, TYP)
    if claims.get("htm") != method or claims.get("htu") != target(url):
        raise TokenRefused("a DPoP proof for another request")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti.isascii() or not 8 <= len(jti) <= 128:
        raise TokenRefused("a DPoP proof needs a jti")
    if access_token is not None and claims.get("ath") != b64u(sha256(access_token.encode())):
        raise TokenRefused("a DPoP proof for another access token")
    return DpopProof(jkt, jti, check_fresh(claims.get("iat"), now, PROOF_LIFETIME))
