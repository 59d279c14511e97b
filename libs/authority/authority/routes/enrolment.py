"""``POST /evaluations`` and ``POST /enrolments``."""

from typing import Annotated

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.enrolment import Enrol, Enrolled, Evaluate, Evaluated
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from authority.deps import Authority
from authority.errors import AlreadyReleased, ElementsRefused, PairwiseRefused, VerifierTaken
from authority.use_cases import enrolment, evaluation

router = APIRouter(tags=["enrolment"])


@router.post("/evaluations", responses=problems(ElementsRefused, *CALL_PROBLEMS))
async def evaluate(
    request: Evaluate, caller: Annotated[RegistrarCall, registrar("enrol", "ingest", "search")], authority: Authority, db: Db
) -> Evaluated:
    """Evaluate blinded member numbers, or words of the search index."""
    return await evaluation.evaluate(db, authority, caller, request)


@router.post("/enrolments", responses=problems(AlreadyReleased, VerifierTaken, RowsRefused, PairwiseRefused, *CALL_PROBLEMS))
async def enrol(request: Enrol, caller: Annotated[RegistrarCall, registrar("enrol")], authority: Authority, db: Db) -> Enrolled:
    """Enrol members and return their first shares, sealed to the window."""
    return await enrolment.enrol(db, authority, caller, request)
