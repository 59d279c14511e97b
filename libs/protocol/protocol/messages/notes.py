"""Notes at anon-data: ciphertext beside token and day, which the store cannot open. One note a day."""

from datetime import date
from typing import Annotated

from pydantic import Field

from protocol.deployment import B64

from .base import Message

NOTE_BYTES = 1566
"""Every sealed note: 1,536 padded bytes and 30 of the sealing. Small enough that PostgreSQL keeps it inside its row."""

_Sealed = Annotated[B64, Field(min_length=NOTE_BYTES, max_length=NOTE_BYTES)]


class NoteWrite(Message):
    """The note of one day, or that there is none any more. For a day the highest ``seq`` wins."""

    day: date
    """Of the device's own calendar."""
    seq: Annotated[int, Field(ge=0, lt=2**62)]
    """The device's own counter; no clock time is kept."""
    sealed: _Sealed | None = None
    """Absent deletes what was there, of whatever day."""


class Note(NoteWrite):
    """The note of one day as it stands."""

    sealed: _Sealed


class PutNotes(Message):
    """``PUT /me/notes``; answered with :class:`protocol.messages.records.Results`."""

    items: Annotated[tuple[NoteWrite, ...], Field(min_length=1, max_length=31)]


class DeletedNote(Message):
    """A note that was deleted: a device counts on from its ``seq``."""

    day: date
    seq: int


class Notes(Message):
    """``GET /me/notes?since=&until=``: by day, the own writes of a moment ago included."""

    items: tuple[Note, ...]
    deleted: tuple[DeletedNote, ...] = ()
    """As long as an older write of that day could still arrive."""
