"""Roots: the secret from which everything of one authority is derived, wherever it is kept.

A root is 32 uniformly random bytes, so HKDF's extract step is left out (RFC 5869 section 3.3): it is itself the
pseudorandom key of HKDF-Expand. A root inside a token then needs nothing but HMAC-SHA256.
"""

import hmac
from typing import Protocol

ROOT_BYTES = 32


class Root(Protocol):
    """A root that computes and is never shown."""

    def mac(self, message: bytes, /) -> bytes:
        """Return HMAC-SHA256 of ``message`` under the root, 32 bytes."""
        ...


class RawRoot:
    """A root whose bytes are in this process."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != ROOT_BYTES:
            raise ValueError(f"a root is {ROOT_BYTES} bytes")
        self._secret = secret

    def mac(self, message: bytes, /) -> bytes:
        """Return HMAC-SHA256 of ``message`` under the root, 32 bytes."""
        return hmac.digest(self._secret, message, "sha256")


def expand(root: Root, info: bytes) -> bytes:
    """Return 32 bytes by HKDF-Expand (RFC 5869 section 2.3): its first block, which is HMAC of ``info`` and the number 1."""
    return root.mac(info + b"\x01")
