"""``/staff/tasks``: what the staff who guide have to do; no other role reads tokens. ``/me/guidance-support``: whom it is about."""

from typing import Annotated

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.guidance_tasks import AskTasks, GuidanceSupport, GuidanceTasks, ReminderTasks, SupportTold, TellSupport
from staff import STAFF_PROBLEMS, StaffCall, staff
from windows import RowsRefused

from anon_data.use_cases import guidance_tasks as use_cases

router = APIRouter(prefix="/staff/tasks", tags=["tasks"], responses=problems(*STAFF_PROBLEMS))
own = APIRouter(prefix="/me", tags=["records"], responses=problems(*READER_PROBLEMS))
Guide = Annotated[StaffCall, staff("guidance")]


@router.post("/reminders")
async def reminders(asked: AskTasks, _caller: Guide, db: Db) -> ReminderTasks:
    """Read who was not examined in the year, a page by token."""
    return await use_cases.reminders(db, asked)


@router.post("/guidance")
async def guidance(asked: AskTasks, _caller: Guide, db: Db) -> GuidanceTasks:
    """Read whom guidance of the year is for and how far it came, a page by token."""
    return await use_cases.guidance(db, asked)


@router.put("/guidance/support", responses=problems(RowsRefused))
async def tell(told: TellSupport, _caller: Guide, db: Db) -> SupportTold:
    """Tell what was done and reached."""
    return await use_cases.tell_support(db, told)


@own.get("/guidance-support")
async def get(reader: Reader, db: Db) -> GuidanceSupport:
    """Read what those who guide read of oneself and told, the newest year first."""
    return await use_cases.own_support(db, reader)
