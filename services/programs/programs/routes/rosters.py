"""``/roster`` for the registrar."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.contests import CommitRoster, PutRoster, RosterCommitted, RosterKept
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from programs.errors import RosterRefused
from programs.use_cases.rosters import commit_roster, put_roster

router = APIRouter(prefix="/roster", tags=["roster"])

Caller = Annotated[RegistrarCall, registrar("enrol")]


@router.put("", summary="Put a part of a roster", responses=problems(*CALL_PROBLEMS, RowsRefused))
async def put(request: PutRoster, caller: Caller, db: Db) -> RosterKept:
    """Say which unit members are in from a day on; nothing holds before its commit."""
    return await put_roster(db, caller, request)


@router.post("/commits", summary="Commit a roster", responses=problems(*CALL_PROBLEMS, RosterRefused))
async def commit(request: CommitRoster, _caller: Caller, db: Db, now: Now) -> RosterCommitted:
    """Let a roster hold as a whole: every unit has ten members or more, and whoever is not on it is in no unit."""
    return await commit_roster(db, request, now.now())
