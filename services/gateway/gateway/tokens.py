"""What the gateway signs with its token key: access tokens, ID tokens, logout tokens."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from chassis.config import ConfigError, read_secret_text
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from protocol import jose
from protocol.access_token import LIFETIME, TYP, AccessToken
from protocol.encoding import b64u, sha256

ID_TOKEN_LIFETIME = 300
LOGOUT_TOKEN_LIFETIME = 120
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class TokenKey:
    """The P-256 key that signs tokens; its id is its RFC 7638 thumbprint."""

    def __init__(self, key: ECKey) -> None:
        self.key = key
        self.kid = b64u(jose.thumbprint(key))

    @classmethod
    def read(cls, path: Path) -> "TokenKey":
        """Read a PKCS #8 PEM file; raise ConfigError when it is anything else or readable by others."""
        try:
            key = ECKey.import_key(read_secret_text(path))
        except (JoseError, ValueError, TypeError):
            raise ConfigError(f"{path}: should be a P-256 private key, PKCS #8 PEM") from None
        if not key.is_private or key.curve_name != "P-256":
            raise ConfigError(f"{path}: should be a P-256 private key, PKCS #8 PEM")
        return cls(key)

    def public_jwk(self) -> dict[str, str]:
        """Return the public key as others find it (RFC 7517)."""
        return {**jose.public_jwk(self.key), "kid": self.kid, "alg": jose.ES256, "use": "sig"}

    def access_token(self, token: AccessToken) -> str:
        """Sign an access token."""
        return token.encode(self.key, _jti())

    def program_token(self, claims: Mapping[str, object], now: int, lifetime: int) -> str:
        """Sign an access token for userinfo or for a program of others (RFC 9068)."""
        return jose.sign(TYP, {**claims, "iat": now, "exp": now + lifetime, "jti": _jti()}, self.key, kid=self.kid)

    def id_token(self, claims: Mapping[str, object], now: int) -> str:
        """Sign an ID token for the application that just redeemed a code."""
        times = {"iat": now, "exp": now + ID_TOKEN_LIFETIME}
        return jose.sign("JWT", {**claims, **times}, self.key, kid=self.kid)

    def logout_token(self, issuer: str, audience: str, sid: bytes, now: int) -> str:
        """Sign a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4): a fresh one for each delivery."""
        claims = {
            "iss": issuer,
            "aud": audience,
            "iat": now,
            "exp": now + LOGOUT_TOKEN_LIFETIME,
            "jti": _jti(),
            "events": {LOGOUT_EVENT: {}},
            "sid": b64u(sid),
        }
        return jose.sign("logout+jwt", claims, self.key, kid=self.kid)


def access_lifetime(now: int, session_ends: int) -> int:
    """Return how long an access token lives, in seconds: never longer than its session."""
    return min(LIFETIME, session_ends - now)


def half_hash(token: str) -> str:
    """Return ``at_hash`` of an access token (OpenID Connect Core 1.0 section 3.1.3.6)."""
    return b64u(sha256(token.encode())[:16])


def _jti() -> str:
    return b64u(secrets.token_bytes(16))
