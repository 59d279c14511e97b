"""Byte encodings that every signature, derivation and sealed object is built from."""

import binascii
import hashlib

VERSION_PREFIX = "warifu/v1/"

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")
"""What base64 has and base64url has not becomes what neither has."""
_NO_STRAY_BITS = {2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}
"""By the length modulo 4: the last characters whose lowest bits, which no byte takes up, are zero."""


class EncodingError(ValueError):
    """A value is not in the one encoding the protocol allows for it."""


def lp(name: str, *fields: bytes | str | int) -> bytes:
    """Return the length-prefixed form of ``fields`` under the domain ``warifu/v1/<name>``.

    Each field is its length as uint32 big-endian and its bytes; text is UTF-8, integers are uint64 big-endian.
    Two different field lists never give the same bytes, so the result is safe to sign, hash or derive from.
    """
    out = bytearray()
    for field in (VERSION_PREFIX + name, *fields):
        match field:
            case bytes():
                raw = field
            case str():
                raw = field.encode()
            case int():
                raw = field.to_bytes(8, "big")
        out += len(raw).to_bytes(4, "big") + raw
    return bytes(out)


def b64u(data: bytes) -> str:
    """Return unpadded base64url (RFC 4648 section 5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode()


def unb64u(text: str, length: int | None = None) -> bytes:
    """Decode unpadded base64url, refusing padding, blanks, stray bits and, when given, any other ``length`` in bytes.

    A decoder that forgives would give one value two spellings, and then equality checks on text could be evaded.
    """
    over = len(text) % 4
    try:
        data = binascii.a2b_base64(text.encode().translate(_FROM_URL) + b"=" * (-over % 4), strict_mode=True)
    except ValueError as error:
        raise EncodingError("not unpadded base64url") from error
    if over and text[-1] not in _NO_STRAY_BITS[over]:
        raise EncodingError("stray bits in base64url")
    if length is not None and len(data) != length:
        raise EncodingError(f"expected {length} bytes")
    return data


def sha256(*parts: bytes) -> bytes:
    """Return SHA-256 of the joined parts (32 bytes)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def pad(data: bytes, size: int) -> bytes:
    """Return ``data`` followed by 0x80 and zeros, ``size`` bytes in all (ISO/IEC 7816-4)."""
    if len(data) >= size:
        raise EncodingError(f"{len(data)} bytes do not fit into {size}")
    return data + b"\x80" + bytes(size - len(data) - 1)


def unpad(data: bytes) -> bytes:
    """Undo :func:`pad`."""
    body, mark, rest = data.rpartition(b"\x80")
    if not mark or rest.strip(b"\x00"):
        raise EncodingError("bad padding")
    return body
