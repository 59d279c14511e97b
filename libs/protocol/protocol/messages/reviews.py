"""What staff looks at and corrects in contests."""

from datetime import date
from typing import Annotated

from pydantic import Field

from .base import Bytes16, Message
from .contests import Title

Reason = Annotated[str, Field(min_length=1, max_length=500)]


class HeldDay(Message):
    """A total that is too high to be believed without a look. Neither member nor team is told to whoever looks."""

    review: Bytes16
    day: date
    steps: int
    accepted: bool | None
    """None while nobody has decided."""
    decided_by: str | None
    reason: str | None


class HeldDays(Message):
    """``POST /staff/contests/held``: what nobody has looked at comes first."""

    held: tuple[HeldDay, ...]


class DecideHeld(Message):
    """``POST /staff/contests/held/decisions``: the total that was looked at, so that another one since is not let through."""

    review: Bytes16
    steps: Annotated[int, Field(ge=0, lt=2**31)]
    accepted: bool
    reason: Reason


class Adjust(Message):
    """``POST /staff/contests/adjustments``: corrects a team's counted steps after the end; the same id again changes nothing."""

    contest: Bytes16
    id: Bytes16
    team: Bytes16
    steps: Annotated[int, Field(ge=0, lt=2**53)]
    """From now on."""
    reason: Reason


class Adjusted(Message):
    """A correction as it is kept."""

    id: Bytes16
    team: Bytes16
    made: date
    made_by: str
    reason: str
    before: int
    after: int


class Adjustments(Message):
    """All corrections of a contest."""

    adjustments: tuple[Adjusted, ...]


class TeamParticipation(Message):
    """How many of a team's members take part, for teams of at least ten."""

    team: Bytes16
    name: Title | None
    eligible: int
    participation: int
    """Percent, rounded down."""


class ContestParticipation(Message):
    """``POST /staff/contests/participation``: teams of ten or more by name; how many smaller ones there are is not told."""

    teams: tuple[TeamParticipation, ...]
