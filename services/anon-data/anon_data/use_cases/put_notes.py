"""A device writes its member's notes, or takes them back."""

from datetime import datetime

from chassis.database import Database
from mailboxes.days import DayWindow
from mailboxes.newest import Versioned, Write, newest
from mailboxes.readers import Reader
from protocol.messages.notes import PutNotes
from protocol.messages.records import Results

from anon_data.days import DAYS_BACK, refusal
from anon_data.store import notes


async def put_notes(db: Database, reader: Reader, request: PutNotes, now: datetime) -> Results:
    """Store what is newer than what is there, and say what became of each item."""
    days = DayWindow.at(now, DAYS_BACK)
    writes = [
        Write(item.day, Versioned(item.seq, item.sealed), refusal(days, item.day, deletes=item.sealed is None))
        for item in request.items
    ]
    async with db.transaction("put-notes") as tx:
        token = await reader.for_writing(tx)
        outcome = newest(await notes.on_days(tx, token, [item.day for item in request.items]), writes)
        if outcome.changes:
            await notes.write(tx, token, outcome.changes)
    return Results(results=outcome.results)
