"""The statement: what a member proves control over, with their own root of authentication, before an authority releases anything.

Its JSON bytes are hashed as received and never re-serialised, so two readers cannot disagree about what was signed.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from . import strict_json
from .encoding import EncodingError, b64u, lp, sha256, unb64u
from .times import STATEMENT_LIFETIME, check_fresh

RELEASE = "release"
"""Sign in, and be given the three parts."""
CHANGES = ("add", "remove", "cancel-recovery")
"""Change the ways to sign in; the body says how."""
SIGN_IN = "sign-in"
"""Sign in at an application that needs nothing of the authorities: it releases nothing, and names no X-Wing key."""
_REQUIRED = {"v", "purpose", "origins", "iat", "nonce", "jkt", "hpke"}
_OPTIONAL = {"body"}


class StatementRefused(Exception):
    """A statement is malformed or says something else than it must."""


@dataclass(frozen=True)
class Statement:
    """A parsed statement together with the bytes it came from."""

    raw: bytes
    purpose: str
    origins: tuple[str, ...]
    iat: int
    nonce: bytes
    """16 bytes."""
    jkt: bytes
    """Thumbprint of the session's DPoP key."""
    hpke: bytes
    """SHA-256 of the session's X-Wing public key."""
    body: bytes | None
    """SHA-256 of the request body, where the purpose has one."""

    @property
    def h(self) -> bytes:
        """The 32 bytes that evidence proves: the WebAuthn challenge; in base64url the OpenID Connect nonce."""
        return sha256(lp("statement", self.raw))

    @classmethod
    def make(  # in the order of the members
        cls, purpose: str, origins: list[str], now: int, jkt: bytes, hpke_public: bytes, body: bytes | None = None
    ) -> "Statement":
        """Write a fresh statement; ``origins`` are the five pinned ones."""
        members: dict[str, Any] = {
            "v": 1,
            "purpose": purpose,
            "origins": sorted(origins, key=str.encode),
            "iat": now,
            "nonce": b64u(secrets.token_bytes(16)),
            "jkt": b64u(jkt),
            "hpke": b64u(sha256(hpke_public)),
        }
        if body is not None:
            members["body"] = b64u(sha256(body))
        return cls.parse(json.dumps(members, separators=(",", ":")).encode())

    @classmethod
    def parse(cls, raw: bytes) -> "Statement":
        """Parse strictly: unknown, missing or duplicate keys, other types and other encodings are refused."""
        try:
            members = strict_json.loads_object(raw)
            if not _REQUIRED <= set(members) <= _REQUIRED | _OPTIONAL:
                raise StatementRefused("unknown or missing keys")
            if type(members["v"]) is not int or members["v"] != 1:
                raise StatementRefused("another version")
            if type(members["iat"]) is not int:
                raise StatementRefused("iat is a time in seconds")
            origins = members["origins"]
            if type(origins) is not list or not all(isinstance(origin, str) for origin in origins):
                raise StatementRefused("origins are a list of strings")
            if origins != sorted(set(origins), key=str.encode):
                raise StatementRefused("origins are sorted and each named once")
            return cls(
                raw,
                _text(members, "purpose"),
                tuple(origins),
                members["iat"],
                unb64u(_text(members, "nonce"), 16),
                unb64u(_text(members, "jkt"), 32),
                unb64u(_text(members, "hpke"), 32),
                unb64u(_text(members, "body"), 32) if "body" in members else None,
            )
        except (ValueError, EncodingError) as error:
            raise StatementRefused("not a statement") from error

    def check(self, purpose: str, origins: list[str], now: int, jkt: bytes, hpke_public: bytes) -> None:
        """Raise ``StatementRefused`` or ``TokenRefused`` unless this statement is fresh and about exactly this request."""
        self.check_request(purpose, origins, now, jkt)
        if self.hpke != sha256(hpke_public):
            raise StatementRefused("a statement for another session key")

    def check_request(self, purpose: str, origins: list[str], now: int, jkt: bytes) -> None:
        """Do as :meth:`check`, where the session's X-Wing key is not at hand."""
        if self.purpose != purpose:
            raise StatementRefused("a statement of another purpose")
        if list(self.origins) != sorted(origins, key=str.encode):
            raise StatementRefused("a statement for other origins")
        if self.jkt != jkt:
            raise StatementRefused("a statement for another DPoP key")
        check_fresh(self.iat, now, STATEMENT_LIFETIME)


def sign_in_body(reference: bytes) -> bytes:
    """Return what a statement of purpose ``sign-in`` is about: the one sign-in of which the gateway gave the portal a reference."""
    return lp("sign-in", reference)


def _text(members: dict[str, Any], name: str) -> str:
    value = members[name]
    if not isinstance(value, str):
        raise StatementRefused(f"{name} is text")
    return value
