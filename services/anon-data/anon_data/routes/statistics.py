"""``/staff``: what analysts and the office read."""

from typing import Annotated

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.statistics import Examined
from staff import STAFF_PROBLEMS, StaffCall, staff

from anon_data.use_cases.count_examined import count_examined

router = APIRouter(prefix="/staff", tags=["staff"], responses=problems(*STAFF_PROBLEMS))


@router.get("/examined")
async def examined(_caller: Annotated[StaffCall, staff("analyst", "office")], db: Db) -> Examined:
    """Count who was examined, by fiscal year; fewer than ten people are not shown."""
    return await count_examined(db)
