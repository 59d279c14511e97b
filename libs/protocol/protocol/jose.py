"""JOSE helpers on joserfc: P-256 keys, thumbprints, and compact tokens with one pinned type and algorithm."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from . import strict_json
from .encoding import unb64u

ES256 = "ES256"
RS256 = "RS256"


class TokenRefused(Exception):
    """A token is malformed, has another type, algorithm or key, or does not verify."""


def generate_p256() -> ECKey:
    """Return a fresh P-256 key pair."""
    return ECKey.generate_key("P-256", private=True)


def p256_from_scalar(scalar: bytes) -> ECKey:
    """Return the P-256 key pair of a 32-byte private scalar."""
    native = ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
    pem = native.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ECKey.import_key(pem)


def scalar_of(key: ECKey) -> bytes:
    """Return the 32-byte private scalar of a P-256 key pair."""
    return unb64u(str(key.as_dict(private=True)["d"]), 32)


def public_jwk(key: ECKey) -> dict[str, str]:
    """Return the public JWK: kty, crv, x, y."""
    full = key.as_dict(private=False)
    return {name: str(full[name]) for name in ("crv", "kty", "x", "y")}


def thumbprint(key: ECKey) -> bytes:
    """Return the RFC 7638 SHA-256 thumbprint, 32 bytes."""
    return unb64u(key.thumbprint(), 32)


@lru_cache(maxsize=4096)
def _cached(canonical: str) -> tuple[ECKey, bytes]:
    data = json.loads(canonical)
    if set(data) != {"kty", "crv", "x", "y"} or data["kty"] != "EC" or data["crv"] != "P-256":
        raise TokenRefused("a public P-256 JWK is expected")
    try:
        key = ECKey.import_key(data)
        return key, thumbprint(key)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused("a public P-256 JWK is expected") from error


def import_public(jwk: Mapping[str, Any]) -> tuple[ECKey, bytes]:
    """Return a public P-256 key and its thumbprint; private or other keys are refused.

    Import and thumbprint cost as much as half a verification, so the newest 4,096 keys are kept.
    """
    return _cached(json.dumps(dict(jwk), sort_keys=True))


def sign(typ: str, claims: Mapping[str, Any], key: ECKey | RSAKey, *, alg: str = ES256, **header: Any) -> str:
    """Return a compact token of type ``typ``, by ES256 unless the one whom it is for needs another algorithm."""
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return jws.serialize_compact({"alg": alg, "typ": typ, **header}, payload, key, algorithms=[alg])


def peek_header(token: str) -> dict[str, Any]:
    """Return the protected header of a compact token, unverified."""
    header = token.partition(".")[0]
    # Every caller looks before it verifies, and an issuer's tokens share one header. Long ones are not kept: anybody can send them.
    return dict(_kept_object(header) if len(header) <= _KEPT_CHARACTERS else _object(header))


def peek_claims(token: str) -> dict[str, Any]:
    """Return the claims of a compact token, unverified: for the one who is its audience's client, not its audience."""
    segments = token.split(".")
    if len(segments) < 2:
        raise TokenRefused("not a compact token")
    return _object(segments[1])


def _object(segment: str) -> dict[str, Any]:
    try:
        return strict_json.loads_object(unb64u(segment))
    except ValueError:
        raise TokenRefused("not a compact token") from None


_KEPT_CHARACTERS = 512
_kept_object = lru_cache(maxsize=4096)(_object)


def verify(token: str, key: ECKey | KeySet, typ: str | None, algorithms: tuple[str, ...] = (ES256,)) -> dict[str, Any]:
    """Verify a compact token and return its claims.

    ``typ`` is the exact type expected, compared as RFC 7515 says (case-insensitively, an ``application/`` prefix dropped), or
    ``None`` where the issuer sets none. Critical header extensions are refused.
    """
    header = peek_header(token)
    if typ is not None and str(header.get("typ", "")).lower().removeprefix("application/") != typ:
        raise TokenRefused("a token of another type")
    if "crit" in header:
        raise TokenRefused("a token with critical extensions")
    try:
        obj = jws.deserialize_compact(token, key, algorithms=list(algorithms))
        return strict_json.loads_object(obj.payload or b"")
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused("a token does not verify") from error
