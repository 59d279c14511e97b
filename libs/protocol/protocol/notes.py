"""A member's own note of a day: sealed on the member's devices, kept at anon-data, read by the devices alone."""

from datetime import date

from .derive import hkdf
from .encoding import EncodingError, lp, pad, unpad
from .messages.notes import NOTE_BYTES
from .sealing import AES_GCM_OVERHEAD, OpenError, seal, unseal

PADDED_BYTES = NOTE_BYTES - AES_GCM_OVERHEAD
MOST_BYTES = PADDED_BYTES - 1
"""The longest note, in bytes of UTF-8."""


def seal_note(text: str, mailbox_seed: bytes, token: bytes, day: date, seq: int) -> bytes:
    """Return the sealed note, always :data:`protocol.messages.notes.NOTE_BYTES` long.

    ``mailbox_seed`` is the seed of the member's own mailbox key, 32 bytes, from the bundle, so a note survives a change of keys;
    ``token`` is the member's at anon-data. Day and counter are bound: the store can neither move a note nor pass an old one off as
    newer. Raises ``EncodingError`` for a text longer than :data:`MOST_BYTES`.
    """
    return seal(_key(mailbox_seed), pad(text.encode(), PADDED_BYTES), _associated(token, day, seq))


def open_note(sealed: bytes, mailbox_seed: bytes, token: bytes, day: date, seq: int) -> str:
    """Open what :func:`seal_note` made for this day and counter, or raise :class:`protocol.sealing.OpenError`."""
    plaintext = unseal(_key(mailbox_seed), sealed, _associated(token, day, seq))
    try:
        return unpad(plaintext).decode()
    except (EncodingError, UnicodeDecodeError):
        # The chain is cut: the error quotes the note.
        raise OpenError("a note holds something else") from None


def _key(mailbox_seed: bytes) -> bytes:
    return hkdf(mailbox_seed, lp("note"))


def _associated(token: bytes, day: date, seq: int) -> bytes:
    return lp("note", token, day.isoformat(), seq)
