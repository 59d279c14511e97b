"""``/me/points``."""

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.point_corrections import PutPointCase
from protocol.messages.points import Points

from programs.order_deps import Most
from programs.use_cases import point_corrections
from programs.use_cases.read_points import ENTRIES, read_points

router = APIRouter(prefix="/me", tags=["points"], responses=problems(*READER_PROBLEMS))


@router.put("/point-case", summary="Be known to the office by a name", status_code=204)
async def put_case(request: PutPointCase, reader: Reader, db: Db, now: Now) -> None:
    """Keep a random name for a month, by which the member asks the office about points."""
    await point_corrections.put_case(db, reader, request, now.now().date())


@router.get("/points", summary="Read the own points")
async def get(reader: Reader, db: Db, most: Most = ENTRIES) -> Points:
    """Read what the member has, by when it must be spent, and the newest transfers, so many at most."""
    return await read_points(db, reader, most)
