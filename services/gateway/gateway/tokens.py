"""What the gateway signs with its token key: access tokens, ID tokens, logout tokens."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal, Self

from chassis.config import ConfigError, read_secret_text
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from protocol import jose
from protocol.access_token import LIFETIME, TYP, AccessToken
from protocol.encoding import b64u, sha256

ID_TOKEN_LIFETIME = 300
LOGOUT_TOKEN_LIFETIME = 120
FEWEST_RSA_BITS = 2048
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


IdAlgorithm = Literal["ES256", "RS256"]
"""What ID and logout tokens are signed with; everything else by ES256 alone."""


KeyMaterial = str | dict[str, str | list[str]]
"""PEM, or the members of a JWK."""


class SigningKey(ABC):
    """A key that signs what an application is told of a session; its id is its RFC 7638 thumbprint."""

    algorithm: ClassVar[IdAlgorithm]
    what: ClassVar[str]
    """What a file should hold."""

    def __init__(self, key: ECKey | RSAKey) -> None:
        self.key = key
        self.kid = key.thumbprint()

    @classmethod
    @abstractmethod
    def imported(cls, value: KeyMaterial) -> "ECKey | RSAKey":
        """Return the key of a PEM text or of the members of a JWK; raises ValueError where it is none of this kind."""

    @classmethod
    @abstractmethod
    def made(cls) -> "ECKey | RSAKey":
        """Return a fresh key."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a PKCS #8 PEM file; raise ConfigError when it is anything else or readable by others."""
        try:
            key = cls.imported(read_secret_text(path))
        except (JoseError, ValueError, TypeError):
            raise ConfigError(f"{path}: should be {cls.what} private key, PKCS #8 PEM") from None
        if not key.is_private:
            raise ConfigError(f"{path}: should be {cls.what} private key, PKCS #8 PEM")
        return cls(key)

    def public_jwk(self) -> dict[str, str]:
        """Return the public key as others find it (RFC 7517)."""
        public = {name: str(value) for name, value in self.key.as_dict(private=False).items()}
        return {**public, "kid": self.kid, "alg": self.algorithm, "use": "sig"}

    def id_token(self, claims: Mapping[str, object], now: int) -> str:
        """Sign an ID token for the application that just redeemed a code."""
        times = {"iat": now, "exp": now + ID_TOKEN_LIFETIME}
        return jose.sign("JWT", {**claims, **times}, self.key, alg=self.algorithm, kid=self.kid)

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
        return jose.sign("logout+jwt", claims, self.key, alg=self.algorithm, kid=self.kid)


class TokenKey(SigningKey):
    """The P-256 key that signs all tokens: access tokens too."""

    algorithm = "ES256"
    what = "a P-256"
    key: ECKey

    @classmethod
    def imported(cls, value: KeyMaterial) -> ECKey:
        """Return a P-256 key."""
        key = ECKey.import_key(value)
        if key.curve_name != "P-256":
            raise ValueError("another curve")
        return key

    @classmethod
    def made(cls) -> ECKey:
        """Return a fresh key."""
        return jose.generate_p256()

    def access_token(self, token: AccessToken) -> str:
        """Sign an access token."""
        return token.encode(self.key, _jti())

    def program_token(self, claims: Mapping[str, object], now: int, lifetime: int) -> str:
        """Sign an access token for userinfo or for a program of others (RFC 9068)."""
        return jose.sign(TYP, {**claims, "iat": now, "exp": now + lifetime, "jti": _jti()}, self.key, kid=self.kid)


class RsaTokenKey(SigningKey):
    """An RSA key for programs that know RS256 alone (OpenID Connect Core 1.0 section 15.1)."""

    algorithm = "RS256"
    what = "an RSA (2048 bits or more)"

    @classmethod
    def imported(cls, value: KeyMaterial) -> RSAKey:
        """Return an RSA key that is long enough (RFC 7518 section 3.3)."""
        key = RSAKey.import_key(value)
        if key.raw_value.key_size < FEWEST_RSA_BITS:
            raise ValueError("a short key")
        return key

    @classmethod
    def made(cls) -> RSAKey:
        """Return a fresh key."""
        return RSAKey.generate_key(3072)


def access_lifetime(now: int, session_ends: int) -> int:
    """Return how long an access token lives, in seconds: never longer than its session."""
    return min(LIFETIME, session_ends - now)


def half_hash(token: str) -> str:
    """Return ``at_hash`` of an access token (OpenID Connect Core 1.0 section 3.1.3.6)."""
    return b64u(sha256(token.encode())[:16])


def _jti() -> str:
    return b64u(secrets.token_bytes(16))
