"""``/me/challenges`` for members, ``/staff/challenges`` for managers."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.challenges import (
    AnswerQuiz,
    ChallengeCounts,
    Challenges,
    JoinChallenge,
    KeepHabit,
    PutChallenge,
    QuizMarked,
    TellLogging,
)
from staff import STAFF_PROBLEMS, StaffCall, staff

from programs.errors import ChallengeDiffers, ChallengeRefused, ChallengeUnknown
from programs.use_cases import challenges

router = APIRouter(tags=["challenges"])
_DOING = problems(*READER_PROBLEMS, ChallengeRefused, ChallengeUnknown)

Manager = Annotated[StaffCall, staff("program-manager")]
Colleague = Annotated[StaffCall, staff("program-manager", "office")]


@router.put("/staff/challenges", summary="Define a program", status_code=204, responses=problems(*STAFF_PROBLEMS, ChallengeDiffers))
async def put(request: PutChallenge, _caller: Manager, db: Db, now: Now) -> None:
    """Define an individual program, or change it before its first day."""
    await challenges.put_challenge(db, request.challenge, now.now())


@router.get("/staff/challenges", summary="Count who joined", responses=problems(*STAFF_PROBLEMS))
async def counts(_caller: Colleague, db: Db) -> ChallengeCounts:
    """Read all programs and about how many have joined: in fives, from ten on."""
    return await challenges.count_challenges(db)


@router.get("/me/challenges", summary="Read the programs", responses=problems(*READER_PROBLEMS))
async def get(reader: Reader, db: Db) -> Challenges:
    """Read all programs, and how far one has come."""
    return await challenges.read_challenges(db, reader)


@router.put("/me/challenges", summary="Join a program", status_code=204, responses=_DOING)
async def join(request: JoinChallenge, reader: Reader, db: Db, now: Now) -> None:
    """Join a program; the same again changes nothing."""
    await challenges.join_challenge(db, reader, request.challenge, now.now())


@router.post("/me/challenges/leaving", summary="Leave a program", status_code=204, responses=problems(*READER_PROBLEMS))
async def leave(request: JoinChallenge, reader: Reader, db: Db) -> None:
    """Leave a program; what was done in it is forgotten."""
    await challenges.leave_challenge(db, reader, request.challenge)


@router.put("/me/challenges/days", summary="Keep a habit", status_code=204, responses=_DOING)
async def keep(request: KeepHabit, reader: Reader, db: Db, now: Now) -> None:
    """Say of a day whether the habit was kept; which habit it is stays on the device."""
    await challenges.keep_habit(db, reader, request, now.now())


@router.put("/me/challenges/logging", summary="Say that enough was noted", status_code=204, responses=_DOING)
async def tell(request: TellLogging, reader: Reader, db: Db, now: Now) -> None:
    """Say that enough days were noted elsewhere: neither which, nor what."""
    await challenges.tell_logging(db, reader, request.challenge, now.now())


@router.put("/me/challenges/answers", summary="Answer a quiz", responses=_DOING)
async def answer(request: AnswerQuiz, reader: Reader, db: Db, now: Now) -> QuizMarked:
    """Answer all questions; the best try counts."""
    return await challenges.answer_quiz(db, reader, request, now.now())
