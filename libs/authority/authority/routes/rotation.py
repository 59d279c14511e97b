"""``POST /rotation`` and ``POST /rotation/commit``."""

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.release import Commit, Rotate
from protocol.release import SealedPart

from authority.deps import MEMBER_PROBLEMS, Authority, Session
from authority.errors import BundleUnknown, LogKeyRefused, NotReleased, ReceiptRefused, RootMissing, VersionRefused
from authority.use_cases import rotation as use_cases

router = APIRouter(prefix="/rotation", tags=["rotation"])


@router.post("", responses=problems(NotReleased, RootMissing, VersionRefused, *MEMBER_PROBLEMS))
async def rotate(request: Rotate, session: Session, authority: Authority, db: Db, now: Now) -> SealedPart:
    """Return the current and the pending share."""
    return await use_cases.rotate(db, authority, session, request, now.timestamp())


@router.post(
    "/commit",
    status_code=204,
    responses=problems(BundleUnknown, LogKeyRefused, NotReleased, ReceiptRefused, VersionRefused, *MEMBER_PROBLEMS),
)
async def commit(request: Commit, session: Session, authority: Authority, db: Db, now: Now) -> None:
    """Make the pending version the current one."""
    await use_cases.commit(db, authority, session, request, now.timestamp())
