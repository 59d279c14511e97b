"""``/staff/sessions`` and ``/staff/session``."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.partners import partner
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.staff import EndStaffSession, OpenStaffSession, StaffSelf, StaffSessionOpened
from protocol.staff import ROLES
from windows.deps import Host, Remembered

from staff.deps import PRESENTED_PROBLEMS, STAFF_PROBLEMS, Presented, StaffCall, staff
from staff.errors import StaffLogoutRefused, StaffRefused, StaffRole
from staff.use_cases import sessions as use_cases

router = APIRouter()


@router.post("/sessions", status_code=201, responses=problems(*PRESENTED_PROBLEMS, StaffRefused, StaffRole))
async def open_session(
    request: OpenStaffSession, presented: Presented, db: Db, deployed: Host, once: Remembered, now: Now
) -> StaffSessionOpened:
    """Open a session for the DPoP key of this call with a passkey that two officers listed."""
    return await use_cases.open_session(db, deployed, once, presented, request, now.timestamp())


@router.get("/session", responses=problems(*STAFF_PROBLEMS))
async def own(caller: Annotated[StaffCall, staff(*ROLES)]) -> StaffSelf:
    """Say as whom this store knows the caller."""
    return StaffSelf(passkey=caller.passkey, roles=tuple(sorted(caller.roles)))


@router.delete("/session", status_code=204, responses=problems(*PRESENTED_PROBLEMS))
async def end_session(presented: Presented, db: Db, once: Remembered) -> None:
    """End the session of this call's DPoP key."""
    await use_cases.end_session(db, once, presented)


@router.post("/logout", status_code=204, responses=problems(StaffLogoutRefused))
@partner("gateway")
async def told(request: EndStaffSession, db: Db, deployed: Host, now: Now) -> None:
    """End the session that the gateway's logout token names: whoever opened it is signed in there no more."""
    await use_cases.end_told(db, deployed, request.logout_token, now.timestamp())
