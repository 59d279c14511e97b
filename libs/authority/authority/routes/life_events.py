"""``/recoveries``, ``/access``, ``/erasures`` and ``/letters/withdrawals``, for the registrar."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.life_events import Erase, Recover, Recovering, SetAccess, Withdraw
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, SubjectRefused, registrar

from authority.deps import Authority
from authority.errors import ReferenceUnknown, VerifierTaken
from authority.use_cases import life_events

router = APIRouter(tags=["life events"])
_LISTED = (RowsRefused, SubjectRefused, *CALL_PROBLEMS)


@router.post("/recoveries", responses=problems(ReferenceUnknown, VerifierTaken, *_LISTED))
async def recover(
    request: Recover, caller: Annotated[RegistrarCall, registrar("recover")], authority: Authority, db: Db, now: Now
) -> Recovering:
    """Give members new verifiers, which take effect a day later unless a verifier of theirs cancels them."""
    return await life_events.recover(db, authority, caller, request, now.timestamp())


@router.post("/access", status_code=204, responses=problems(ReferenceUnknown, *_LISTED))
async def set_access(
    request: SetAccess, caller: Annotated[RegistrarCall, registrar("suspend")], authority: Authority, db: Db, now: Now
) -> None:
    """Set until when members may sign in; open sessions end where that is over."""
    await life_events.set_access(db, authority, caller, request, now.timestamp())


@router.post("/erasures", status_code=204, responses=problems(*_LISTED))
async def erase(
    request: Erase, caller: Annotated[RegistrarCall, registrar("erase")], authority: Authority, db: Db, now: Now
) -> None:
    """Forget members: salts, verifiers, references, and what this host keeps beside them."""
    await life_events.erase(db, authority, caller, request, now.timestamp())


@router.post("/letters/withdrawals", status_code=204, responses=problems(ReferenceUnknown, RowsRefused, *CALL_PROBLEMS))
async def withdraw(request: Withdraw, caller: Annotated[RegistrarCall, registrar("enrol")], db: Db) -> None:
    """Withdraw letters that were not used up, recoveries that wait among them."""
    await life_events.withdraw(db, caller, request)
