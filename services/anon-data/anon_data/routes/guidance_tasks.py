"""``/staff/tasks``: what the staff who guide have to do. No other role reads tokens."""

from typing import Annotated

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.guidance_tasks import AskTasks, GuidanceTasks, ReminderTasks, SupportTold, TellSupport
from staff import STAFF_PROBLEMS, StaffCall, staff
from windows import RowsRefused

from anon_data.use_cases import guidance_tasks as use_cases

router = APIRouter(prefix="/staff/tasks", tags=["tasks"], responses=problems(*STAFF_PROBLEMS))
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
