"""The release log: what an authority appends, what its leaves say, and what only the member can read of it.

A leaf says what kind of event there was, and commits to the rest under a random salt: alone it tells nobody whose it was. What
opens it, an *entry*, is sealed to the member's log key for this authority, in slots of which each member has the same number.
"""

import secrets
import struct
from dataclasses import dataclass
from typing import Literal, Self, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from .derive import hkdf
from .encoding import lp, sha256
from .names import AuthorityName
from .sealing import VERSION as SEALED_VERSION
from .sealing import X25519, X25519_OVERHEAD, OpenError, open_x25519, seal_x25519

Kind = Literal["release", "rotation", "recovery", "erasure", "window", "evaluation", "beginning"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""A kind's number is its place here, counted from 1."""

SALT_BYTES = 16
SLOTS = 64
"""Entries that an authority keeps for each member, used or not."""

_FORM = struct.Struct(">BBIQ16s32s")
_ENTRY_VERSION = 1
SLOT_BYTES = _FORM.size + X25519_OVERHEAD
SLOTS_BYTES = SLOTS * SLOT_BYTES


class LogKeyRefused(ValueError):
    """Nothing can be sealed to this key."""


@dataclass(frozen=True)
class Event:
    """What an authority did."""

    kind: Kind
    ref: bytes
    """The member's reference at this authority; empty where it is about nobody."""
    about: bytes
    """Of a release and a rotation the thumbprint of the session's key, the same at all three; of a window the manifest's hash."""
    day: int
    """Days since 1970, UTC."""

    def commitment(self, host: AuthorityName, salt: bytes) -> bytes:
        """Return what stands in the leaf (32 bytes)."""
        return sha256(lp("log-commitment", host, number_of(self.kind), self.day, self.ref, self.about, salt))


@dataclass(frozen=True)
class Entry:
    """What opens one leaf: for the member alone."""

    kind: Kind
    about: bytes
    day: int
    index: int
    """The leaf's place in the log."""
    salt: bytes

    def packed(self) -> bytes:
        """Return the entry's bytes, of one length."""
        return _FORM.pack(_ENTRY_VERSION, number_of(self.kind), self.day, self.index, self.salt, self.about)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """Undo :meth:`packed`; raise :class:`OpenError` for anything else."""
        try:
            version, number, day, index, salt, about = _FORM.unpack(data)
            kind = kind_of(number)
        except (struct.error, ValueError):
            raise OpenError("not an entry of a release log") from None
        if version != _ENTRY_VERSION:
            raise OpenError("an entry of another version")
        return cls(kind, about, day, index, salt)

    def leaf(self, host: AuthorityName, ref: bytes) -> bytes:
        """Return the bytes of the leaf that this entry opens."""
        return leaf(self.kind, Event(self.kind, ref, self.about, self.day).commitment(host, self.salt))


def number_of(kind: Kind) -> int:
    """Return a kind's number."""
    return KINDS.index(kind) + 1


def kind_of(number: int) -> Kind:
    """Return the kind of a number; raise ValueError for others."""
    if not 1 <= number <= len(KINDS):
        raise ValueError("no such kind")
    return KINDS[number - 1]


def leaf(kind: Kind, commitment: bytes) -> bytes:
    """Return a leaf's bytes in the hash tree."""
    return lp("log-leaf", number_of(kind), commitment)


class LogKey:
    """The key with which a member reads what one authority logged about them."""

    def __init__(self, seed: bytes, host: AuthorityName, ref: bytes) -> None:
        """Derive it from the bundle's ``log`` seed; ``ref`` is the member's reference there."""
        self._key = X25519PrivateKey.from_private_bytes(hkdf(seed, lp("log-key", host)))
        self._info = _info(host, ref)
        self.public_bytes: bytes = self._key.public_key().public_bytes_raw()
        """X25519, 32 bytes; unrelated to those for the other authorities."""

    def entries(self, slots: bytes) -> list[Entry]:
        """Return the entries in slots, joined; a slot that does not open is not used."""
        found = []
        for at in range(0, len(slots), SLOT_BYTES):
            try:
                found.append(Entry.unpacked(open_x25519(self._key, slots[at : at + SLOT_BYTES], self._info)))
            except (OpenError, InvalidTag):
                continue
        return found


def beginning(number: int, before: str) -> bytes:
    """Return what the first leaf of a log that began anew is about: its number, and the note that was carried over."""
    return sha256(lp("log-beginning", number, before))


def log_public(public: bytes) -> X25519PublicKey:
    """Return a member's public log key; raise :class:`LogKeyRefused` for what nothing can be sealed to."""
    try:
        key = X25519PublicKey.from_public_bytes(public)
        X25519PrivateKey.generate().exchange(key)
    except ValueError:
        raise LogKeyRefused("a log key is an X25519 public key") from None
    return key


def seal_entry(public: X25519PublicKey, entry: bytes, host: AuthorityName, ref: bytes) -> bytes:
    """Seal a packed entry to a member's log key (:data:`SLOT_BYTES`)."""
    return seal_x25519(public, entry, _info(host, ref))


def unused_slots() -> bytes:
    """Return slots that hold nothing: an encapsulation to nobody and random bytes, which nobody else can tell from used ones."""
    return b"".join(_unused_slot() for _ in range(SLOTS))


def _unused_slot() -> bytes:
    encapsulated = X25519PrivateKey.generate().public_key().public_bytes_raw()
    return bytes((SEALED_VERSION, X25519)) + encapsulated + secrets.token_bytes(SLOT_BYTES - 2 - len(encapsulated))


def _info(host: AuthorityName, ref: bytes) -> bytes:
    return lp("log-entry", host, ref)
