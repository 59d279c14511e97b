"""What a member writes down for themselves: nobody else can read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from protocol.encoding import EncodingError
from protocol.messages.notes import Notes, NoteWrite
from protocol.notes import open_note, seal_note
from protocol.sealing import OpenError

from .errors import InputRefused, KeyMaterialRefused


@dataclass(frozen=True)
class Note:
    """The note of one day."""

    day: date
    text: str


def sealed(day: date, text: str | None, seed: bytes, token: bytes, seq: int) -> NoteWrite:
    """Return a note as the store keeps it; no text deletes."""
    if text is None:
        return NoteWrite(day=day, seq=seq)
    if not text.strip():
        raise InputRefused("note", "a note says something")
    try:
        return NoteWrite(day=day, seq=seq, sealed=seal_note(text, seed, token, day, seq))
    except (EncodingError, UnicodeEncodeError):
        raise InputRefused("note", "a note is text, and not this long") from None


def opened(stored: Notes, seed: bytes, token: bytes) -> Iterable[Note]:
    """Yield the notes by day."""
    for note in stored.items:
        try:
            yield Note(note.day, open_note(note.sealed, seed, token, note.day, note.seq))
        except OpenError as error:
            raise KeyMaterialRefused("anon-data", "a note that does not open") from error
