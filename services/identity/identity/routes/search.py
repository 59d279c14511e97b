"""``POST /search/index`` and ``POST /search``."""

from typing import Annotated

from authority.errors import ReferenceUnknown
from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.search import Hits, PutIndex, Search, Taken
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from identity.use_cases import search as use_cases

router = APIRouter(prefix="/search", tags=["search"])


@router.post("/index", responses=problems(ReferenceUnknown, RowsRefused, *CALL_PROBLEMS))
async def put_index(request: PutIndex, caller: Annotated[RegistrarCall, registrar("enrol", "ingest")], db: Db) -> Taken:
    """Keep under which tags members are found, in the place of those that were; say which are another member's."""
    return await use_cases.put_index(db, caller, request)


@router.post("", responses=problems(*CALL_PROBLEMS))
async def search(request: Search, caller: Annotated[RegistrarCall, registrar("search")], db: Db) -> Hits:
    """Return whom evaluated words find, as ciphertext; nothing of the words is kept."""
    return await use_cases.search(db, caller, request)
