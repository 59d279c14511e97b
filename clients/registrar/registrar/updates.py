"""What the insurer says about records of members who have signed in: sealed to their mailbox key, put in by their own devices."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from protocol.encoding import sha256
from protocol.messages.profiles import ProfileFields, PutUpdates, Update, update_info
from protocol.record import Profile
from protocol.tokens import TokenSeed

from .batches import batches
from .enrolments import without_refused
from .hosts import encode
from .session import Session
from .windows import Window


@dataclass(frozen=True, repr=False)
class Note:
    """What one member's device is to put into the record."""

    ref: bytes
    """At identity."""
    seed: TokenSeed
    """At anon-data, whose mailbox key opens it."""
    fields: ProfileFields
    whole: bool
    settles: bytes | None = None
    """The sealed wish that this answers."""


def whole_note(ref: bytes, seed: TokenSeed, profile: Profile) -> Note:
    """Return the note that says every field."""
    return Note(ref, seed, ProfileFields(**profile.model_dump()), whole=True)


async def put_updates(session: Session, window: Window, notes: Sequence[Note]) -> dict[bytes, str]:
    """Send notes in the order of identity's references; return a code for each reference that was refused."""

    async def one(batch: list[Note]) -> None:
        body = await asyncio.to_thread(_body, batch)
        await session.hosts.tell("identity", window, "/profile/updates", body)

    refused: dict[bytes, str] = {}
    for batch in batches(notes, lambda note: note.ref):
        refused |= {note.ref: code for note, code in await without_refused(batch, one)}
    return refused


def _body(batch: list[Note]) -> bytes:
    return encode(PutUpdates(rows=tuple(_row(note) for note in batch)))


def _row(note: Note) -> Update:
    return Update(
        ref=note.ref,
        sealed=note.fields.seal(note.seed.mailbox_key.public_bytes, update_info(note.ref)),
        whole=note.whole,
        settles=sha256(note.settles) if note.settles is not None else None,
    )
