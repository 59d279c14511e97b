"""The split seal: what only the insurer may open, and only together with all three authorities inside a window.

The payload is padded to a fixed size, HPKE-sealed to the insurer's key, then sealed again under a key made of three random
parts, each sealed to one authority. Sealing needs nobody; opening needs three unsealed parts and the insurer's key.

| bytes | content |
|---|---|
| 3 x 82 | the parts for gateway, keyvault and identity |
| rest | AES-256-GCM object around the X-Wing object |
"""

import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

from .derive import hkdf
from .encoding import lp, pad, sha256, unpad
from .names import AUTHORITIES, AuthorityName
from .sealing import (
    AES_GCM_OVERHEAD,
    X25519_OVERHEAD,
    XWING_OVERHEAD,
    XWingPrivateKey,
    open_x25519,
    seal,
    seal_x25519,
    seal_xwing,
    unseal,
)

PAYLOAD_BYTES = 256
_PART_BYTES = 32
_SEALED_PART_BYTES = _PART_BYTES + X25519_OVERHEAD
_HEAD_BYTES = 3 * _SEALED_PART_BYTES
SEALED_BYTES = _HEAD_BYTES + PAYLOAD_BYTES + XWING_OVERHEAD + AES_GCM_OVERHEAD


def _part_info(use: str, inner: bytes) -> bytes:
    return lp("split-part", use, sha256(inner))


def _outer_key(parts: Mapping[AuthorityName, bytes], use: str) -> bytes:
    return hkdf(b"".join(parts[host] for host in AUTHORITIES), lp("split-key", use))


class SplitSealer:
    """Seals payloads of one use to the insurer and the three authorities; parse the keys once, seal many."""

    def __init__(self, use: str, insurer: MLKEM768X25519PublicKey | bytes, unseal_keys: Mapping[AuthorityName, bytes]) -> None:
        self._use = use
        self._insurer = insurer
        self._keys = {host: X25519PublicKey.from_public_bytes(unseal_keys[host]) for host in AUTHORITIES}

    def seal(self, payload: bytes, row: bytes) -> bytes:
        """Seal ``payload`` (at most 255 bytes) so that it belongs to ``row``, the token or row id it lies beside."""
        parts = {host: os.urandom(_PART_BYTES) for host in AUTHORITIES}
        to_insurer = seal_xwing(self._insurer, pad(payload, PAYLOAD_BYTES), lp("split", self._use, row))
        inner = seal(_outer_key(parts, self._use), to_insurer, lp("split", self._use, row))
        info = _part_info(self._use, inner)
        return b"".join(seal_x25519(self._keys[host], parts[host], info) for host in AUTHORITIES) + inner


def sealed_part(blob: bytes, host: AuthorityName) -> bytes:
    """Return the part of a split seal that one authority can open."""
    at = AUTHORITIES.index(host) * _SEALED_PART_BYTES
    return blob[at : at + _SEALED_PART_BYTES]


def inner_hash(blob: bytes) -> bytes:
    """Return SHA-256 of the inner ciphertext, to which every part is bound."""
    return sha256(blob[_HEAD_BYTES:])


def unseal_part(key: X25519PrivateKey, sealed: bytes, use: str, inner: bytes) -> bytes:
    """Open one authority's part; ``inner`` is :func:`inner_hash` of the blob it belongs to."""
    return open_x25519(key, sealed, lp("split-part", use, inner))


def open_split(blob: bytes, use: str, row: bytes, parts: Mapping[AuthorityName, bytes], insurer: XWingPrivateKey) -> bytes:
    """Return the payload, given the three unsealed parts and the insurer's private key."""
    to_insurer = unseal(_outer_key(parts, use), blob[_HEAD_BYTES:], lp("split", use, row))
    return unpad(insurer.open(to_insurer, lp("split", use, row)))
