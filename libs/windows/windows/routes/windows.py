"""``/windows``."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.partners import partner
from chassis.problems import problems
from fastapi import APIRouter, Response
from protocol.manifest import PURPOSES
from protocol.messages.windows import OpenWindow, WindowOpened

from windows.deps import CALL_PROBLEMS, REGISTRAR, Host, RegistrarCall, registrar
from windows.errors import OfficersBehind, OfficersDiffer, WindowClosed, WindowDiffers, WindowRefused
from windows.use_cases import windows as use_cases

router = APIRouter(prefix="/windows", tags=["windows"])
_REFUSED = (OfficersBehind, OfficersDiffer, WindowClosed, WindowDiffers, WindowRefused)


@router.post("", status_code=201, responses={200: {"model": WindowOpened}, **problems(*_REFUSED)})
@partner(REGISTRAR)
async def open_window(request: OpenWindow, response: Response, db: Db, deployed: Host, now: Now) -> WindowOpened:
    """Open a window: 201 when it is new here, 200 when the same manifest opened it before."""
    opened, new = await use_cases.open_window(db, deployed, request, now.timestamp())
    response.status_code = 201 if new else 200
    return opened


@router.post("/closing", status_code=204, responses=problems(*CALL_PROBLEMS))
async def close_window(caller: Annotated[RegistrarCall, registrar(*PURPOSES)], db: Db) -> None:
    """Close the window in which this call is made, for good; every later call in it hears that it is closed."""
    await use_cases.close(db, caller)


@router.get("/own", responses=problems(*CALL_PROBLEMS))
async def own_window(caller: Annotated[RegistrarCall, registrar(*PURPOSES)], db: Db) -> WindowOpened:
    """Say what is left of the window in which this call is made."""
    return await use_cases.own(db, caller)
