"""The part of a session in which a member does an individual program."""

from collections.abc import Sequence
from datetime import date

from protocol.messages.challenges import (
    AnswerQuiz,
    Challenges,
    JoinChallenge,
    KeepHabit,
    OfferedChallenge,
    QuizMarked,
    TellLogging,
)

from ._recording import Records
from ._wire import parse

_LOGGED = frozenset({"body-weight", "systolic"})


class DoesChallenges(Records):
    """A session in which a member sets goals of their own. Which habit is kept never leaves the device."""

    async def challenges(self) -> tuple[OfferedChallenge, ...]:
        """Return all programs, and how far the member has come; those that end last come first."""
        return parse("programs", Challenges, await self._ask("programs", "GET", "/me/challenges")).challenges

    async def join_challenge(self, challenge: bytes) -> None:
        """Join a program."""
        await self._ask("programs", "PUT", "/me/challenges", message=JoinChallenge(challenge=challenge))

    async def leave_challenge(self, challenge: bytes) -> None:
        """Leave a program; what was done in it is forgotten."""
        await self._ask("programs", "POST", "/me/challenges/leaving", message=JoinChallenge(challenge=challenge))

    async def keep_habit(self, challenge: bytes, day: date, *, kept: bool = True) -> None:
        """Say of a day whether the habit was kept."""
        said = KeepHabit(challenge=challenge, day=day, kept=kept)
        await self._ask("programs", "PUT", "/me/challenges/days", message=said)

    async def tell_logging(self, offered: OfferedChallenge) -> bool:
        """Look whether weight or blood pressure were noted on enough days, and if so tell programs: only asked to.

        What is said is that there were enough: no value, and no day.
        """
        noted = {one.day for one in await self.vitals(offered.first, offered.last) if one.kind in _LOGGED}
        if len(noted) < offered.goal:
            return False
        await self._ask("programs", "PUT", "/me/challenges/logging", message=TellLogging(challenge=offered.id))
        return True

    async def answer_quiz(self, challenge: bytes, answers: Sequence[int]) -> tuple[bool, ...]:
        """Answer all questions of a quiz, and return which answers were right."""
        said = AnswerQuiz(challenge=challenge, answers=tuple(answers))
        answer = await self._ask("programs", "PUT", "/me/challenges/answers", message=said)
        return parse("programs", QuizMarked, answer).right
