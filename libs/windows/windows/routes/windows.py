"""``POST /windows``."""

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, Response
from protocol.messages.windows import OpenWindow, WindowOpened

from windows.deps import Host
from windows.errors import WindowDiffers, WindowRefused
from windows.use_cases import windows as use_cases

router = APIRouter(tags=["windows"])


@router.post("/windows", status_code=201, responses={200: {"model": WindowOpened}, **problems(WindowRefused, WindowDiffers)})
async def open_window(request: OpenWindow, response: Response, db: Db, deployed: Host, now: Now) -> WindowOpened:
    """Open a window: 201 when it is new here, 200 when the same manifest opened it before."""
    opened, new = await use_cases.open_window(db, deployed, request, now.timestamp())
    response.status_code = 201 if new else 200
    return opened
