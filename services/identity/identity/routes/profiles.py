"""``/profile/wish``, ``/profile/wishes``, ``/profile/updates`` and ``PUT /record``."""

from typing import Annotated

from authority.deps import MEMBER_PROBLEMS, Session
from authority.errors import NotReleased, ReferenceUnknown, VersionRefused
from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.profiles import CollectWishes, PutRecord, PutUpdates, PutWish, Wishes
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from identity.errors import RecordSize, UpdateUnknown
from identity.use_cases import profiles as use_cases

router = APIRouter(tags=["profiles"])


@router.put("/profile/wish", status_code=204, responses=problems(NotReleased, *MEMBER_PROBLEMS))
async def put_wish(request: PutWish, session: Session, db: Db, now: Now) -> None:
    """Keep what the member wants changed in the record, sealed to the insurer."""
    await use_cases.put_wish(db, session, request, now.timestamp())


@router.post("/profile/wishes", responses=problems(*CALL_PROBLEMS))
async def collect_wishes(request: CollectWishes, caller: Annotated[RegistrarCall, registrar("ingest")], db: Db) -> Wishes:
    """Return members' wishes, page by page."""
    return await use_cases.collect_wishes(db, caller, request)


@router.post("/profile/updates", status_code=204, responses=problems(ReferenceUnknown, RowsRefused, *CALL_PROBLEMS))
async def put_updates(request: PutUpdates, caller: Annotated[RegistrarCall, registrar("enrol", "ingest")], db: Db) -> None:
    """Keep what the insurer says about records, sealed to their members."""
    await use_cases.put_updates(db, caller, request)


@router.put(
    "/record", status_code=204, responses=problems(RecordSize, NotReleased, UpdateUnknown, VersionRefused, *MEMBER_PROBLEMS)
)
async def put_record(request: PutRecord, session: Session, db: Db, now: Now) -> None:
    """Store the next version of the own record, with updates put in."""
    await use_cases.put_record(db, session, request, now.timestamp())
