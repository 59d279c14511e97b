"""``/contests`` and ``/me/contests``: members take part."""

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.contests import (
    AskContest,
    Contests,
    EnterContest,
    ExcuseContest,
    LeaveContest,
    OwnContests,
    Teammates,
)

from programs.errors import ContestUnknown, EntryRefused
from programs.use_cases import entries
from programs.use_cases.contests import read_contests

router = APIRouter(tags=["contests"])
_CHANGING = problems(*READER_PROBLEMS, ContestUnknown, EntryRefused)


@router.get("/contests", summary="Read the contests", responses=problems(*READER_PROBLEMS))
async def every(reader: Reader, db: Db) -> Contests:
    """Read all contests; those that end last come first."""
    return await read_contests(db, reader)


@router.put("/me/contests", summary="Take part", status_code=204, responses=_CHANGING)
async def enter(request: EnterContest, reader: Reader, db: Db, now: Now) -> None:
    """Take part in a contest, alone in one's unit, as captain of a new team or with its code; the same again changes nothing."""
    await entries.enter_contest(db, reader, request, now.now())


@router.get("/me/contests", summary="Read the own contests", responses=problems(*READER_PROBLEMS))
async def own(reader: Reader, db: Db, now: Now) -> OwnContests:
    """Read where the member takes part, what counts so far, and which days are held."""
    return await entries.read_own_contests(db, reader, now.now())


@router.post("/me/contests/leaving", summary="Leave", status_code=204, responses=_CHANGING)
async def leave(request: LeaveContest, reader: Reader, db: Db, now: Now) -> None:
    """Take part no longer; what was walked until yesterday stays the team's."""
    await entries.leave_contest(db, reader, request.contest, now.now())


@router.put("/me/contests/excuse", summary="Be counted out", status_code=204, responses=_CHANGING)
async def excuse(request: ExcuseContest, reader: Reader, db: Db) -> None:
    """Be counted out of the own unit, or in again, which nobody is told."""
    await entries.excuse_from_contest(db, reader, request.contest, excused=request.excused)


@router.post("/me/contests/team", summary="Read the team's nicknames", responses=problems(*READER_PROBLEMS, EntryRefused))
async def team(request: AskContest, reader: Reader, db: Db, now: Now) -> Teammates:
    """Read the nicknames of those in the own team who chose to be seen."""
    return await entries.read_teammates(db, reader, request.contest, now.now())
