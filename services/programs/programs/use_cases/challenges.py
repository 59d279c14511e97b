"""Individual programs: managers set them up, members do them alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from chassis.database import Database, Transaction
from mailboxes.days import DayWindow
from mailboxes.readers import Reader, Token
from protocol.messages.challenges import (
    AnswerQuiz,
    AskedQuestion,
    Challenge,
    ChallengeCount,
    ChallengeCounts,
    Challenges,
    KeepHabit,
    Kind,
    OfferedChallenge,
    QuizMarked,
)
from protocol.messages.member_messages import shown

from programs import progress
from programs.days import today
from programs.errors import ChallengeDiffers, ChallengeRefused, ChallengeUnknown
from programs.progress import Progress
from programs.store import challenges, steps
from programs.store.challenges import Entry

DAYS_BACK = 14


async def put_challenge(db: Database, said: Challenge, now: datetime) -> None:
    """Define a program, or change it before its first day; the same again changes nothing."""
    async with db.transaction("put-challenge") as tx:
        known = await challenges.find(tx, said.id)
        if known == said:
            return
        if known is not None and today(now) >= known.first:
            raise ChallengeDiffers
        await challenges.put(tx, said)


async def count_challenges(db: Database) -> ChallengeCounts:
    """Return all programs and about how many have joined each."""
    async with db.transaction("count-challenges", readonly=True) as tx:
        found, counts = await challenges.every(tx), await challenges.counts(tx)
    return ChallengeCounts(challenges=tuple(ChallengeCount(challenge=one, members=shown(counts.get(one.id, 0))) for one in found))


async def read_challenges(db: Database, reader: Reader) -> Challenges:
    """Return all programs, and how far the reader has come."""
    async with db.transaction("read-challenges") as tx:
        token = await reader.for_reading(tx)
        found = await challenges.every(tx)
        joined = {entry.challenge: entry for entry in await challenges.entries(tx, token)}
        totals = await _totals(tx, token, [one for one in found if one.kind == "steps" and one.id in joined])
    return Challenges(challenges=tuple(_offered(one, joined.get(one.id), totals) for one in found))


async def join_challenge(db: Database, reader: Reader, challenge_id: bytes, now: datetime) -> None:
    """Join a program that is not over."""
    async with db.transaction("join-challenge") as tx:
        token = await reader.for_writing(tx)
        found = await _find(tx, challenge_id)
        if today(now) > found.last:
            raise ChallengeRefused(reason="over")
        await challenges.join(tx, token, found.id)


async def leave_challenge(db: Database, reader: Reader, challenge_id: bytes) -> None:
    """Leave a program, and forget what was done in it."""
    async with db.transaction("leave-challenge") as tx:
        await challenges.leave(tx, await reader.for_writing(tx), challenge_id)


async def keep_habit(db: Database, reader: Reader, said: KeepHabit, now: datetime) -> None:
    """Note whether a habit was kept on a day of the last two weeks."""
    async with db.transaction("keep-habit") as tx:
        token = await reader.for_writing(tx)
        found, entry = await _joined(tx, token, said.challenge, "habit")
        if not found.first <= said.day <= found.last or DayWindow.at(now, DAYS_BACK).refusal(said.day):
            raise ChallengeRefused(reason="day")
        days = {*entry.days, said.day} if said.kept else set(entry.days) - {said.day}
        await challenges.change(tx, token, replace(entry, days=tuple(sorted(days))))


async def tell_logging(db: Database, reader: Reader, challenge_id: bytes, now: datetime) -> None:
    """Note that enough days were logged, on the word of the member's device."""
    async with db.transaction("tell-logging") as tx:
        token = await reader.for_writing(tx)
        found, entry = await _joined(tx, token, challenge_id, "logging")
        if (today(now) - found.first).days + 1 < found.goal:
            raise ChallengeRefused(reason="day")
        await challenges.change(tx, token, replace(entry, told=True))


async def answer_quiz(db: Database, reader: Reader, said: AnswerQuiz, now: datetime) -> QuizMarked:
    """Mark a try, and keep the best score."""
    async with db.transaction("answer-quiz") as tx:
        token = await reader.for_writing(tx)
        found, entry = await _joined(tx, token, said.challenge, "quiz")
        if len(said.answers) != len(found.questions):
            raise ChallengeRefused(reason="answers")
        if not found.first <= today(now) <= found.last:
            raise ChallengeRefused(reason="day")
        right = tuple(given == one.answer for given, one in zip(said.answers, found.questions, strict=True))
        await challenges.change(tx, token, replace(entry, score=max(entry.score, sum(right))))
    return QuizMarked(right=right)


async def _find(tx: Transaction, challenge_id: bytes) -> Challenge:
    found = await challenges.find(tx, challenge_id)
    if found is None:
        raise ChallengeUnknown
    return found


async def _joined(tx: Transaction, token: Token, challenge_id: bytes, kind: Kind) -> tuple[Challenge, Entry]:
    found = await _find(tx, challenge_id)
    if found.kind != kind:
        raise ChallengeRefused(reason="kind")
    entry = next((one for one in await challenges.entries(tx, token) if one.challenge == challenge_id), None)
    if entry is None:
        raise ChallengeRefused(reason="not-joined")
    return found, entry


async def _totals(tx: Transaction, token: Token, of: list[Challenge]) -> Mapping[date, int]:
    if not of:
        return {}
    found = await steps.totals(tx, token, min(one.first for one in of), max(one.last for one in of))
    return {item.day: item.steps for item in found}


def _offered(one: Challenge, entry: Entry | None, totals: Mapping[date, int]) -> OfferedChallenge:
    come = Progress(0, 0, reached=False) if entry is None else _progress(one, entry, totals)
    return OfferedChallenge.model_construct(
        **{name: getattr(one, name) for name in ("id", "title", "kind", "first", "last", "goal", "goal_steps")},
        questions=tuple(AskedQuestion(text=each.text, choices=each.choices) for each in one.questions),
        joined=entry is not None,
        done=come.done,
        streak=come.streak,
        reached=come.reached,
    )


def _progress(one: Challenge, entry: Entry, totals: Mapping[date, int]) -> Progress:
    match one.kind:
        case "steps":
            return progress.of_steps(one, totals)
        case "habit":
            return progress.of_days(one, entry.days)
        case "logging":
            return Progress(one.goal if entry.told else 0, 0, reached=entry.told)
        case "quiz":
            return Progress(entry.score, 0, reached=entry.score >= one.goal)
