"""Sealed objects: one version byte, one algorithm byte, then what the algorithm needs.

| algorithm | content | used for |
|---|---|---|
| 1 | AES-256-GCM: iv (12) and ciphertext with tag | records and bundles at rest |
| 2 | HPKE base mode, X-Wing: encapsulation (1120) and ciphertext | sessions, the insurer, mailboxes |
| 3 | HPKE base mode, DHKEM(X25519): encapsulation (32) and ciphertext | small, short-lived parts |

HPKE is RFC 9180 with HKDF-SHA256 and AES-256-GCM. It is used without AAD: everything an object belongs to stands in its ``info``.
"""

import hashlib
import os
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

VERSION: Final = 1
AES_GCM: Final = 1
XWING: Final = 2
X25519: Final = 3

XWING_PUBLIC_BYTES: Final = 1184 + 32
XWING_OVERHEAD: Final = 2 + 1120 + 16
X25519_OVERHEAD: Final = 2 + 32 + 16
AES_GCM_OVERHEAD: Final = 2 + 12 + 16
_IV_BYTES: Final = 12
_MLKEM_PUBLIC_BYTES: Final = 1184

_TRIAL = X25519PrivateKey.from_private_bytes(bytes(32))
"""Nobody's key: an exchange with it tells whether one with any key would succeed."""
_XWING_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_X25519_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class OpenError(Exception):
    """A sealed object does not open with this key, info or associated data."""


def _head(algorithm: int) -> bytes:
    return bytes((VERSION, algorithm))


def _body(sealed: bytes, algorithm: int) -> bytes:
    if sealed[:2] != _head(algorithm):
        raise OpenError("unknown version or algorithm of a sealed object")
    return sealed[2:]


def seal(key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Seal under a 32-byte symmetric key; ``associated`` says which row and column the object belongs to."""
    iv = os.urandom(_IV_BYTES)
    return _head(AES_GCM) + iv + AESGCM(key).encrypt(iv, plaintext, associated)


def unseal(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    """Open what :func:`seal` made, or raise :class:`OpenError`."""
    body = _body(sealed, AES_GCM)
    try:
        return AESGCM(key).decrypt(body[:_IV_BYTES], body[_IV_BYTES:], associated)
    except (InvalidTag, ValueError) as error:
        raise OpenError("a sealed object does not open") from error


class XWingPrivateKey:
    """An X-Wing (MLKEM768-X25519) key pair made from a 32-byte seed as in draft-connolly-cfrg-xwing-kem."""

    def __init__(self, seed: bytes) -> None:
        expanded = hashlib.shake_256(seed).digest(96)
        kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        curve = X25519PrivateKey.from_private_bytes(expanded[64:])
        self._key = MLKEM768X25519PrivateKey(kem, curve)
        self.public_bytes: bytes = kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        """ML-KEM-768 and X25519 public keys joined: 1,216 bytes."""

    @classmethod
    def generate(cls) -> "XWingPrivateKey":
        """Return a fresh key pair."""
        return cls(os.urandom(32))

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """Open an object sealed to this key, or raise :class:`OpenError`."""
        try:
            return _XWING_SUITE.decrypt(_body(sealed, XWING), self._key, info)
        except (InvalidTag, ValueError) as error:
            raise OpenError("a sealed object does not open") from error


@lru_cache(maxsize=256)
def xwing_public(public_bytes: bytes) -> MLKEM768X25519PublicKey:
    """Return the public key of 1,216 bytes; raise ``ValueError`` for anything else, also for what nothing can be sealed to.

    The newest 256 are kept: a session's key is checked before anything is used up and sealed to a moment later.
    """
    if len(public_bytes) != XWING_PUBLIC_BYTES:
        raise ValueError("an X-Wing public key has 1216 bytes")
    curve = X25519PublicKey.from_public_bytes(public_bytes[_MLKEM_PUBLIC_BYTES:])
    try:
        # A point of low order shares zeros with everybody (RFC 7748 section 6.1): refused here, not when a seal is half done.
        _TRIAL.exchange(curve)
    except ValueError:
        raise ValueError("the X25519 half of an X-Wing public key has low order") from None
    return MLKEM768X25519PublicKey(MLKEM768PublicKey.from_public_bytes(public_bytes[:_MLKEM_PUBLIC_BYTES]), curve)


def seal_xwing(public: MLKEM768X25519PublicKey | bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seal to an X-Wing public key (parsed, or as 1,216 bytes)."""
    key = xwing_public(public) if isinstance(public, bytes) else public
    return _head(XWING) + _XWING_SUITE.encrypt(plaintext, key, info)


def seal_x25519(public: X25519PublicKey, plaintext: bytes, info: bytes) -> bytes:
    """Seal to an X25519 public key."""
    return _head(X25519) + _X25519_SUITE.encrypt(plaintext, public, info)


def open_x25519(private: X25519PrivateKey, sealed: bytes, info: bytes) -> bytes:
    """Open what :func:`seal_x25519` made, or raise :class:`OpenError`."""
    try:
        return _X25519_SUITE.decrypt(_body(sealed, X25519), private, info)
    except (InvalidTag, ValueError) as error:
        raise OpenError("a sealed object does not open") from error
