"""Ed25519 signatures (RFC 8032) over length-prefixed messages."""

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class SignatureRefused(Exception):
    """A signature does not verify under the key it must be made with."""


class Signer(Protocol):
    """An Ed25519 key pair, wherever its private half is kept."""

    @property
    def public_bytes(self) -> bytes:
        """The public key, 32 bytes."""
        ...

    def sign(self, message: bytes, /) -> bytes:
        """Return the 64-byte signature of ``message``."""
        ...


class SigningKey:
    """An Ed25519 key pair made from a 32-byte seed."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_bytes: bytes = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes, /) -> bytes:
        """Return the 64-byte signature of ``message``, which is built by :func:`protocol.encoding.lp`."""
        return self._key.sign(message)


PublicKeys = bytes | tuple[bytes, ...]
"""One public key, or several of one signer, any of which may have been used: while a signing key is replaced there are two."""


def verify(public: PublicKeys, signature: bytes, message: bytes) -> None:
    """Raise :class:`SignatureRefused` unless ``signature`` is that key's, or one of those keys', signature of ``message``."""
    keys = (public,) if isinstance(public, bytes) else public
    if not any(_verifies(key, signature, message) for key in keys):
        raise SignatureRefused("a signature does not verify")


def _verifies(public_bytes: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_bytes).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
