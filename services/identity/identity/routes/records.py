"""``POST /records``."""

from typing import Annotated

from authority.errors import AlreadyReleased, ReferenceUnknown
from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.enrolment import StoreRecords
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from identity.use_cases import records as use_cases

router = APIRouter(prefix="/records", tags=["records"])


@router.post("", status_code=204, responses=problems(AlreadyReleased, ReferenceUnknown, RowsRefused, *CALL_PROBLEMS))
async def store_first(request: StoreRecords, _caller: Annotated[RegistrarCall, registrar("enrol")], db: Db) -> None:
    """Store the records of version 0, of references that are enrolled here and were never released to. They are not counted."""
    await use_cases.store_first(db, request)
