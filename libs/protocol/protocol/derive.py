"""Key derivation: HKDF-SHA256 (RFC 5869), 32 bytes, every info length-prefixed."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def hkdf(key_material: bytes, info: bytes, salt: bytes = b"") -> bytes:
    """Return 32 bytes derived from ``key_material``; ``info`` is built by :func:`protocol.encoding.lp`."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key_material)
