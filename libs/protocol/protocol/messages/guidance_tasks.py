"""What the staff who guide (`guidance`) have to do, at anon-data: people by token and step, without a name, a value or a day.

Each of these people reads the same of themselves.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field

from .base import BATCH_ROWS, Bytes32, Message

TASK_ROWS = 1000
"""Rows of one page."""
FiscalYear = Annotated[int, Field(ge=2000, le=2200)]
Support = Literal[
    "interview",
    "group",
    "telephone",
    "mail",
    "first-on-the-day",
    "first-in-the-week",
    "two-centimetres",
    "one-centimetre",
    "eating",
    "exercise",
    "smoking",
    "rest",
    "other-habit",
]
"""What is done or reached in guidance, as `health.support` has it."""
SUPPORTS: tuple[Support, ...] = get_args(Support)
Step = Literal["target", "begun", "stopped", "completed"]
TargetLevel = Literal["active", "motivational"]


class AskTasks(Message):
    """``POST /staff/tasks/reminders``, ``POST /staff/tasks/guidance``: a page, of tokens above ``after``."""

    fiscal_year: FiscalYear
    after: Bytes32 | None = None


class ReminderTask(Message):
    """Somebody aged 40 to 74 by birth year who was not examined in the year."""

    token: Bytes32
    last_examined: int | None
    """The latest fiscal year before in which they were."""


class ReminderTasks(Message):
    """Sorted by token; ``next`` is what to ask after, None on the last page."""

    rows: tuple[ReminderTask, ...]
    next: Bytes32 | None


class Supported(Message):
    """How often something was done; of what is reached or once, whether: 1."""

    kind: Support
    times: Annotated[int, Field(ge=0, le=99)]


class _Guided(Message):
    """How far guidance came."""

    step: Step
    """As reports of guidance say it; begun also where support was told."""
    done: tuple[Supported, ...]
    points: int | None = None
    """Of active support."""
    needed: int | None = None
    """Points with which active support ends."""


class GuidanceTask(_Guided):
    """Somebody whom guidance is for, by the guidance level of their newest checkup of the year."""

    token: Bytes32
    level: TargetLevel


class GuidanceTasks(Message):
    """As :class:`ReminderTasks`."""

    rows: tuple[GuidanceTask, ...]
    next: Bytes32 | None


class SupportRow(Supported):
    """How often something was done with somebody in all: what was told before is written over, 0 takes it back."""

    token: Bytes32


class TellSupport(Message):
    """``PUT /staff/tasks/guidance/support``. Rows are sorted by ``token``; a repeated call changes nothing."""

    fiscal_year: FiscalYear
    rows: Annotated[tuple[SupportRow, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class SupportTold(Message):
    """Rows that name nobody whom guidance of this year is for are not kept, and named by their index."""

    unknown: tuple[int, ...] = ()


class GuidedYear(_Guided):
    """A fiscal year in which guidance is for the member who reads it, or in which support was told of them."""

    fiscal_year: FiscalYear
    level: TargetLevel | None = None
    """None where no checkup of the year says it any more."""


class GuidanceSupport(Message):
    """``GET /me/guidance-support``: what those who guide read of a member and told of them, the newest year first."""

    years: tuple[GuidedYear, ...]
