"""``/me/points``."""

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.points import Points

from programs.use_cases.read_points import read_points

router = APIRouter(prefix="/me", tags=["points"], responses=problems(*READER_PROBLEMS))


@router.get("/points", summary="Read the own points")
async def get(reader: Reader, db: Db) -> Points:
    """Read what the member has, by when it must be spent, and the newest transfers."""
    return await read_points(db, reader)
