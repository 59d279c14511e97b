"""``POST /openings``."""

from typing import Annotated

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.search import Open, PartsOpened
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, SubjectRefused, registrar

from authority.deps import Authority
from authority.errors import PartsRefused
from authority.use_cases import openings

router = APIRouter(tags=["search"])


@router.post("/openings", responses=problems(PartsRefused, RowsRefused, SubjectRefused, *CALL_PROBLEMS))
async def open_parts(
    request: Open, caller: Annotated[RegistrarCall, registrar("search", "reidentify")], authority: Authority, db: Db
) -> PartsOpened:
    """Open this authority's parts of what was found or listed, sealed to the window."""
    return await openings.open_parts(db, authority, caller, request)
