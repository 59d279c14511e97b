"""``/staff/analysis/cohorts``: populations that analysts define and the office approves."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.cohorts import DecideCohort, RegisterCohort, RegisteredCohort, RegisteredCohorts
from staff import STAFF_PROBLEMS, StaffCall, staff

from anon_data.errors import CohortRefused
from anon_data.use_cases import cohorts as use_cases

router = APIRouter(prefix="/staff/analysis/cohorts", tags=["analysis"], responses=problems(*STAFF_PROBLEMS))


@router.get("")
async def get(_caller: Annotated[StaffCall, staff("analyst", "office")], db: Db) -> RegisteredCohorts:
    """List all versions of all cohorts, and who registered and decided them."""
    return await use_cases.list_cohorts(db)


@router.post("", responses=problems(CohortRefused))
async def register(asked: RegisterCohort, caller: Annotated[StaffCall, staff("analyst")], db: Db, now: Now) -> RegisteredCohort:
    """Define a cohort, or its next version; it can be asked once the office approved it."""
    return await use_cases.register(db, caller, asked, now.now().date())


@router.post("/decisions", responses=problems(CohortRefused))
async def decide(asked: DecideCohort, caller: Annotated[StaffCall, staff("office")], db: Db, now: Now) -> RegisteredCohort:
    """Approve a cohort or refuse it, once; whoever registered it does not, in no role and with no passkey."""
    return await use_cases.decide(db, caller, asked, now.now().date())
