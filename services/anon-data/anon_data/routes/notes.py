"""``/me/notes``."""

from datetime import date

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.notes import Notes, PutNotes
from protocol.messages.records import Results

from anon_data.deps import Use
from anon_data.use_cases.put_notes import put_notes
from anon_data.use_cases.read_notes import read_notes

router = APIRouter(prefix="/me", tags=["records"], responses=problems(*READER_PROBLEMS))


@router.put("/notes")
async def put(request: PutNotes, reader: Reader, db: Db, now: Now) -> Results:
    """Write sealed notes of the last 400 days, or delete some of any day; every item has its own result."""
    return await put_notes(db, reader, request, now.now())


@router.get("/notes")
async def get(reader: Reader, db: Db, use: Use, since: date, until: date) -> Notes:
    """Read sealed notes from ``since`` to ``until``, both included, by day."""
    found = await read_notes(db, reader, since, until)
    use.read_by(reader)
    return found
