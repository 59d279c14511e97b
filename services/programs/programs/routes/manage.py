"""``/staff/contests`` and ``/staff/units``: managers set contests up, the office looks after them."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from protocol.messages.contests import AskContest, Contests, PutContest, PutUnitNames, UnitSizes
from protocol.messages.reviews import Adjust, Adjustments, ContestParticipation, DecideHeld, HeldDays
from staff import STAFF_PROBLEMS, StaffCall, staff

from programs.errors import AdjustmentRefused, ContestDiffers, ContestUnknown, ReviewRefused
from programs.use_cases import contests, reviews

router = APIRouter(prefix="/staff", tags=["staff"])

Manager = Annotated[StaffCall, staff("program-manager")]
Colleague = Annotated[StaffCall, staff("program-manager", "office")]
_READING = problems(*STAFF_PROBLEMS)


@router.put("/contests", summary="Define a contest", status_code=204, responses=problems(*STAFF_PROBLEMS, ContestDiffers))
async def put(request: PutContest, _caller: Manager, db: Db, now: Now) -> None:
    """Define a contest, or change it before anybody can enter."""
    await contests.put_contest(db, request.contest, now.now())


@router.get("/contests", summary="List contests", responses=_READING)
async def every(_caller: Colleague, db: Db) -> Contests:
    """Read all contests; those that end last come first."""
    return await contests.list_contests(db)


@router.put("/units", summary="Name units", status_code=204, responses=_READING)
async def name_units(request: PutUnitNames, _caller: Manager, db: Db) -> None:
    """Say what roster units are called: hosts know them by opaque ids."""
    await contests.name_units(db, request)


@router.get("/units", summary="List units", responses=_READING)
async def units(_caller: Colleague, db: Db, now: Now) -> UnitSizes:
    """Read the units of today's roster, each of ten members or more."""
    return await contests.list_units(db, now.now())


@router.post("/contests/participation", summary="Count who takes part", responses=problems(*STAFF_PROBLEMS, ContestUnknown))
async def participation(request: AskContest, _caller: Colleague, db: Db, now: Now) -> ContestParticipation:
    """Read the participation of teams of ten or more."""
    return await reviews.count_participation(db, request.contest, now.now())


@router.post("/contests/held", summary="List what is held", responses=_READING)
async def held(request: AskContest, _caller: Colleague, db: Db) -> HeldDays:
    """Read the totals that nobody believes without a look; whose they are is not told."""
    return await reviews.list_held(db, request.contest)


@router.post(
    "/contests/held/decisions", summary="Decide what is held", status_code=204, responses=problems(*STAFF_PROBLEMS, ReviewRefused)
)
async def decide(request: DecideHeld, caller: Colleague, db: Db) -> None:
    """Let a held total count, or not, while the contest is not frozen."""
    await reviews.decide_held(db, caller, request)


@router.post(
    "/contests/adjustments",
    summary="Correct a result",
    status_code=204,
    responses=problems(*STAFF_PROBLEMS, AdjustmentRefused),
)
async def adjust(request: Adjust, caller: Colleague, db: Db, now: Now) -> None:
    """Correct a team's steps in a result that stands: who, why, before and after are kept, and everybody sees that it was."""
    await reviews.adjust_result(db, caller, request, now.now())


@router.post("/contests/adjustments/list", summary="List corrections", responses=_READING)
async def adjustments(request: AskContest, _caller: Colleague, db: Db) -> Adjustments:
    """Read every correction of a contest."""
    return await reviews.list_adjustments(db, request.contest)
