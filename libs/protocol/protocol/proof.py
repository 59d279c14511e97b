"""Signed requests: how a reader key speaks to its store, and the registrar to any host.

A proof is an ES256 JWT of type ``warifu-proof+jwt`` in the header ``Warifu-Proof``. It names method, URL with query, time, a
unique id, the digest of the body, and in ``sub`` the row it acts for: the token at a store, the window id for the registrar. No
token of the gateway is involved, so a seized gateway cannot make one.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey

from .encoding import EncodingError, b64u, sha256, unb64u
from .jose import TokenRefused, import_public, peek_header, public_jwk, sign, verify
from .times import PROOF_LIFETIME, check_fresh

HEADER = "Warifu-Proof"
TYP = "warifu-proof+jwt"


@dataclass(frozen=True)
class Proof:
    """A verified proof."""

    subject: bytes
    jkt: bytes
    """Thumbprint of the key that made it, 32 bytes: the caller checks that this key may act for ``subject``."""
    jti: str
    iat: int


def make(  # in the order of a request
    key: ECKey, method: str, url: str, subject: bytes, body: bytes, now: int
) -> str:
    """Return the proof of one request; ``url`` is absolute, with its query."""
    claims = {
        "htm": method,
        "htu": url,
        "sub": b64u(subject),
        "bd": b64u(sha256(body)),
        "iat": now,
        "jti": b64u(secrets.token_bytes(16)),
    }
    return sign(TYP, claims, key, jwk=public_jwk(key))


def check(proof: str, method: str, url: str, body: bytes, now: int) -> Proof:
    """Verify a proof against the request as received, or raise ``TokenRefused``.

    The key stands in the header. Whoever calls this must compare its thumbprint with the one stored for the subject.
    """
    jwk = peek_header(proof).get("jwk")
    if not isinstance(jwk, dict):
        raise TokenRefused("a proof names its key")
    key, jkt = import_public(jwk)
    claims = verify(proof, key, TYP)
    if claims.get("htm") != method or claims.get("htu") != url:
        raise TokenRefused("a proof for another request")
    if claims.get("bd") != b64u(sha256(body)):
        raise TokenRefused("a proof for another body")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti.isascii() or not 8 <= len(jti) <= 128:
        raise TokenRefused("a proof needs a jti")
    iat = check_fresh(claims.get("iat"), now, PROOF_LIFETIME)
    return Proof(_subject(claims), jkt, jti, iat)


def _subject(claims: Mapping[str, Any]) -> bytes:
    subject = claims.get("sub")
    if not isinstance(subject, str):
        raise TokenRefused("a proof needs a subject")
    try:
        return unb64u(subject)
    except EncodingError as error:
        raise TokenRefused("a proof needs a subject") from error
