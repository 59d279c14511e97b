"""Individual programs: what a member does alone. Programs is told no value, and of a habit not even which one it is."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Bytes16, Message
from .contests import LONGEST_DAYS, Title

Kind = Literal["steps", "habit", "logging", "quiz"]
"""Days of so many steps; days on which the member kept a habit of their own choice; days on which weight or blood pressure were
noted, of which the device says nothing but that there were enough; questions."""


class Question(Message):
    """A question of a quiz, as its manager writes it."""

    text: Title
    choices: Annotated[tuple[Title, ...], Field(min_length=2, max_length=6)]
    answer: Annotated[int, Field(ge=0, le=5)]
    """Index of the right choice."""

    @model_validator(mode="after")
    def _answered(self) -> Self:
        if self.answer >= len(self.choices):
            raise ValueError("the answer is one of the choices")
        return self


class Challenge(Message):
    """An individual program. Its title says nothing about anybody who joins: quitting smoking is one habit among others."""

    id: Bytes16
    title: Title
    kind: Kind
    first: date
    last: date
    goal: Annotated[int, Field(ge=1, le=LONGEST_DAYS)]
    """Days, or right answers."""
    goal_steps: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Of a day, for ``steps``."""
    questions: Annotated[tuple[Question, ...], Field(max_length=30)] = ()

    @model_validator(mode="after")
    def _possible(self) -> Self:
        days = (self.last - self.first).days + 1
        if not 1 <= days <= LONGEST_DAYS:
            raise ValueError("a year at most")
        if (self.kind == "steps") != (self.goal_steps is not None) or (self.kind == "quiz") != bool(self.questions):
            raise ValueError("steps for days of steps, questions for a quiz")
        if self.goal > (len(self.questions) if self.kind == "quiz" else days):
            raise ValueError("no more than there are")
        return self


class PutChallenge(Message):
    """``PUT /staff/challenges``: defines a program, or changes it before its first day."""

    challenge: Challenge


class ChallengeCount(Message):
    """A program as the staff sees it."""

    challenge: Challenge
    members: int | None
    """How many have joined: in fives, from ten on."""


class ChallengeCounts(Message):
    """``GET /staff/challenges``."""

    challenges: tuple[ChallengeCount, ...]


class AskedQuestion(Message):
    """A question as its reader gets it."""

    text: Title
    choices: tuple[Title, ...]


class OfferedChallenge(Message):
    """A program as members see it, and how far the reader has come."""

    id: Bytes16
    title: Title
    kind: Kind
    first: date
    last: date
    goal: int
    goal_steps: int | None = None
    questions: tuple[AskedQuestion, ...]
    joined: bool
    done: int
    """Days, or right answers."""
    streak: int
    """The longest run of such days."""
    reached: bool


class Challenges(Message):
    """``GET /me/challenges``: those that end last come first."""

    challenges: tuple[OfferedChallenge, ...]


class JoinChallenge(Message):
    """``PUT /me/challenges`` joins, ``POST /me/challenges/leaving`` leaves and forgets what was done."""

    challenge: Bytes16


class KeepHabit(Message):
    """``PUT /me/challenges/days``: says of a day whether the habit was kept; the last word counts."""

    challenge: Bytes16
    day: date
    kept: bool = True


class TellLogging(Message):
    """``PUT /me/challenges/logging``: the device says that enough days were noted: neither which, nor what."""

    challenge: Bytes16


class AnswerQuiz(Message):
    """``PUT /me/challenges/answers``: the best try counts, and the answers are not kept."""

    challenge: Bytes16
    answers: Annotated[tuple[Annotated[int, Field(ge=0, le=5)], ...], Field(min_length=1, max_length=30)]


class QuizMarked(Message):
    """Which answers were right."""

    right: tuple[bool, ...]
