"""``/me/vitals``."""

from datetime import date

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.records import PutVitals, Results, Vitals

from anon_data.deps import Use
from anon_data.use_cases.put_vitals import put_vitals
from anon_data.use_cases.read_vitals import read_vitals

router = APIRouter(prefix="/me", tags=["records"], responses=problems(*READER_PROBLEMS))


@router.put("/vitals")
async def put(request: PutVitals, reader: Reader, db: Db, now: Now) -> Results:
    """Write values measured at home, of the last 400 days, or delete some of any day; every item has its own result."""
    return await put_vitals(db, reader, request, now.now())


@router.get("/vitals")
async def get(reader: Reader, db: Db, use: Use, since: date, until: date) -> Vitals:
    """Read values from ``since`` to ``until``, both included, by day and kind."""
    found = await read_vitals(db, reader, since, until)
    use.read_by(reader)
    return found
