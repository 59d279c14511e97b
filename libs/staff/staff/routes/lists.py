"""``/staff/list``."""

from chassis.deps import Db
from chassis.partners import partner
from chassis.problems import problems
from fastapi import APIRouter, Response
from protocol.messages.staff import PutStaffList, StaffListHere
from windows.deps import REGISTRAR, Host
from windows.errors import OfficersDiffer

from staff.errors import StaffListBehind, StaffListDiffers, StaffListRefused
from staff.use_cases import lists as use_cases

router = APIRouter(prefix="/list")


@router.get("")
@partner(REGISTRAR)
async def read(db: Db, deployed: Host) -> StaffListHere:
    """Say which staff list this store goes by, and nothing of what stands in it."""
    return await use_cases.here(db, deployed)


@router.put(
    "",
    status_code=201,
    responses={200: {"model": StaffListHere}, **problems(OfficersDiffer, StaffListBehind, StaffListDiffers, StaffListRefused)},
)
@partner(REGISTRAR)
async def accept(request: PutStaffList, response: Response, db: Db, deployed: Host) -> StaffListHere:
    """Accept a later staff list: 201 when it is new here, 200 when it is the present one. Every session ends with a new one."""
    accepted, new = await use_cases.accept(db, deployed, request)
    response.status_code = 201 if new else 200
    return accepted
