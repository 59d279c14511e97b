"""``/officers``."""

from chassis.deps import Db, Now
from chassis.partners import partner
from chassis.problems import problems
from fastapi import APIRouter, Response
from protocol.messages.officers import OfficerCall, Officers, OfficersAccepted, WindowsHere

from windows.deps import REGISTRAR, Host, Remembered
from windows.errors import OfficerRefused, OfficersBehind, OfficersDiffer, OfficersRefused, WindowNotHere
from windows.use_cases import officers as use_cases

router = APIRouter(prefix="/officers", tags=["officers"])


@router.get("", responses=problems(OfficersDiffer))
@partner(REGISTRAR)
async def read(db: Db, deployed: Host) -> Officers:
    """Return the officers' list that this host goes by."""
    return await use_cases.current_signed(db, deployed)


@router.put(
    "",
    status_code=201,
    responses={200: {"model": OfficersAccepted}, **problems(OfficersBehind, OfficersDiffer, OfficersRefused)},
)
@partner(REGISTRAR)
async def accept(request: Officers, response: Response, db: Db, deployed: Host) -> OfficersAccepted:
    """Accept the officers' next list: 201 when it is new here, 200 when the same list was accepted before."""
    accepted, new = await use_cases.accept(db, deployed, request)
    response.status_code = 201 if new else 200
    return accepted


@router.post("/requests", responses=problems(OfficerRefused, OfficersDiffer, WindowNotHere))
@partner(REGISTRAR)
async def answer(request: OfficerCall, db: Db, deployed: Host, once: Remembered, now: Now) -> WindowsHere:
    """Show one officer the windows whose time is not over, or close one for good."""
    return await use_cases.answer(db, deployed, once, request, now.timestamp())
