"""``/me/participation``."""

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.participation import Participation, TellParticipation

from anon_data.errors import ConsentMissing, HalfYearRefused
from anon_data.use_cases.participation import read_participation, tell_participation

router = APIRouter(prefix="/me/participation", tags=["consents"])


@router.get("", summary="Read the own participation", responses=problems(*READER_PROBLEMS))
async def get(reader: Reader, db: Db) -> Participation:
    """Read what was told of half-years, by consent and mixed with chance."""
    return await read_participation(db, reader)


@router.put(
    "", summary="Tell the participation in a half-year", responses=problems(*READER_PROBLEMS, ConsentMissing, HalfYearRefused)
)
async def put(request: TellParticipation, reader: Reader, db: Db, now: Now) -> Participation:
    """Tell the level of the last half-year that is over, once; needs the consent ``analysis``."""
    return await tell_participation(db, reader, request, now.now().date())
