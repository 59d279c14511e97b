"""A device reads its member's notes."""

from datetime import date

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.notes import Notes

from anon_data.store import notes


async def read_notes(db: Database, reader: Reader, since: date, until: date) -> Notes:
    """Return one note a day; what was written a moment ago is there, what was deleted is not."""
    async with db.statements("read-notes") as tx:
        return await notes.between(tx, await reader.for_reading(tx), since, until)
