"""``/me/step-days``."""

from datetime import date

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.records import Results
from protocol.messages.steps import PutStepDays, StepDays

from programs.use_cases.put_steps import put_steps
from programs.use_cases.read_steps import read_steps

router = APIRouter(prefix="/me", tags=["steps"], responses=problems(*READER_PROBLEMS))


@router.put("/step-days")
async def put(request: PutStepDays, reader: Reader, db: Db, now: Now) -> Results:
    """Write absolute totals of device-local days, the last 14 days at most; every item has its own result."""
    return await put_steps(db, reader, request, now.now())


@router.get("/step-days")
async def get(reader: Reader, db: Db, since: date, until: date) -> StepDays:
    """Read one total a day, the largest of the member's installations, from ``since`` to ``until``, both included."""
    return await read_steps(db, reader, since, until)
