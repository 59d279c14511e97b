"""Walking contests at programs: who may take part, how a team's score is made, and what is shown of it."""

import unicodedata
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from .base import BATCH_ROWS, Bytes16, Bytes32, Message

FEWEST = 10
"""Members of a roster unit at least, members that a participation rate is about, and active members behind a number shown."""
LONGEST_DAYS = 366
_REFUSED = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""Unicode categories that a line of plain text does without."""


def _line(text: str) -> str:
    if unicodedata.normalize("NFC", text) != text or text != text.strip():
        raise ValueError("text is in NFC, without blanks around it")
    if any(unicodedata.category(one) in _REFUSED for one in text):
        raise ValueError("one line without control and format characters")
    return text


def _ascending(numbers: tuple[int, ...]) -> tuple[int, ...]:
    if any(later <= sooner for sooner, later in pairwise(numbers)):
        raise ValueError("numbers that grow")
    return numbers


Title = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_line)]
Nickname = Annotated[str, Field(min_length=1, max_length=20), AfterValidator(_line)]
"""A team's or a member's name as they chose it; programs refuses what looks like an address or a number of a person."""
InvitationCode = Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]
"""80 random bits in base32, made by the captain's device; programs keeps a hash."""


class Stage(Message):
    """A place on the virtual route."""

    name: Title
    metres: Annotated[int, Field(ge=0, le=50_000_000)]
    """From the start."""


class Contest(Message):
    """A contest as its manager defines it. Days are the walkers' own calendar days; the manager's clock is Japan's."""

    id: Bytes16
    """Random, chosen by whoever creates it."""
    title: Title
    teams: Literal["units", "free"]
    """Units of the insurer's roster, or teams that members form with invitation codes."""
    score: Literal["average", "total", "top"] = "average"
    """A day's steps per eligible member, with zero for whoever walked nothing; all steps; or those of the ``top`` best members."""
    top: Annotated[int, Field(ge=1, le=50)] | None = None
    """For ``top``; of a member who changed units each unit has what was walked for it."""
    enter_from: date
    enter_until: date
    first: date
    last: date
    daily_cap: Annotated[int, Field(ge=1, le=200_000)] = 30_000
    """Steps of one day that count at most."""
    manual: bool = False
    """Whether steps that a member typed count."""
    largest_team: Annotated[int, Field(ge=2, le=50)] = 10
    """Members of a free team at most."""
    leagues: Annotated[tuple[Annotated[int, Field(ge=1, le=1_000_000)], ...], Field(max_length=5), AfterValidator(_ascending)] = ()
    """Sizes from which on a team is in the next league; none: all teams are in one."""
    active_days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 1
    """Days on which a member must reach ``active_steps`` to count as taking part."""
    active_steps: Annotated[int, Field(ge=1, le=200_000)] = 1
    thresholds: Annotated[tuple[Annotated[int, Field(ge=1, le=100)], ...], Field(max_length=5), AfterValidator(_ascending)] = (
        50,
        70,
        90,
    )
    """Percentages of participation to which members are told how many more are needed."""
    stages: Annotated[tuple[Stage, ...], Field(max_length=100)] = ()
    """The virtual route, nearest first."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.enter_from <= self.enter_until <= self.last or self.first > self.last:
            raise ValueError("an entry window that ends with the contest at the latest")
        if (self.last - self.first).days >= LONGEST_DAYS:
            raise ValueError("a year at most")
        if (self.score == "top") != (self.top is not None):
            raise ValueError("the best members, and how many of them")
        if self.active_days > (self.last - self.first).days + 1:
            raise ValueError("no more days than the contest has")
        _ascending(tuple(stage.metres for stage in self.stages))
        return self


class PutContest(Message):
    """``PUT /staff/contests``: defines a contest, or changes it before its entry window opens."""

    contest: Contest


class Contests(Message):
    """``GET /contests`` for members, ``GET /staff/contests`` for the staff: those that end last come first."""

    contests: tuple[Contest, ...]


class UnitName(Message):
    """What a roster unit is called; programs knows units by opaque ids, and the manager says their names."""

    unit: Bytes16
    name: Title


class PutUnitNames(Message):
    """``PUT /staff/units``."""

    units: Annotated[tuple[UnitName, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class UnitSize(Message):
    """A roster unit as the staff sees it."""

    unit: Bytes16
    name: Title | None
    members: int


class UnitSizes(Message):
    """``GET /staff/units``: the units of the present roster, each of at least ten members."""

    units: tuple[UnitSize, ...]


class RosterRow(Message):
    """A member's unit."""

    token: Bytes32
    unit: Bytes16


class PutRoster(Message):
    """``PUT /roster`` (window ``enrol``, quota ``roster``): a part of the roster that is to hold from a day on."""

    since: date
    rows: Annotated[tuple[RosterRow, ...], Field(min_length=1, max_length=BATCH_ROWS)]
    """Sorted by token, each once."""
    first: bool = False
    """Whether this is the first part: whatever waited for the day before is forgotten."""


class RosterKept(Message):
    """How many rows wait for their day's commit, those of this call included."""

    waiting: int
    unknown: tuple[int, ...] = ()
    """Indexes of tokens without a mailbox."""


class CommitRoster(Message):
    """``POST /roster/commits`` (window ``enrol``): from this day on everybody is where the rows say, or nowhere."""

    since: date
    members: Annotated[int, Field(ge=0, lt=2**31)]
    """How many rows the registrar has put: a part that got lost is noticed."""


class RosterCommitted(Message):
    """What became of it."""

    units: int
    members: int
    changed: int
    """Members who are in another unit than before, or in none."""


class EnterContest(Message):
    """``PUT /me/contests``: takes part, or says so again with other wishes.

    Free teams: with ``team_name`` and a new code as the captain of a new team, with ``code`` alone as a member of that team.
    """

    contest: Bytes16
    nickname: Nickname | None = None
    """Shown to the own team; without one the member is not listed anywhere."""
    team_name: Nickname | None = None
    code: InvitationCode | None = None


class LeaveContest(Message):
    """``POST /me/contests/leaving``: takes part no longer; what was walked until yesterday stays the team's once it has begun."""

    contest: Bytes16


class ExcuseContest(Message):
    """``PUT /me/contests/excuse``: counts the member out of their unit (leave, illness, no wish), which nobody is told."""

    contest: Bytes16
    excused: bool = True


class OwnContest(Message):
    """A contest that the member takes part in, or is excused from."""

    contest: Bytes16
    team: Bytes16 | None = None
    """Today's; None where the roster has no unit for the member."""
    captain: bool
    nickname: Nickname | None = None
    excused: bool
    steps: int
    """Of the member, as far as they count."""
    held: tuple[date, ...]
    """Days whose total waits for somebody of the office, or was not accepted: they count nothing so far."""


class OwnContests(Message):
    """``GET /me/contests``."""

    contests: tuple[OwnContest, ...]


class Teammates(Message):
    """``POST /me/contests/team``: nicknames of those in the own team who chose to be seen, and nothing else of anybody."""

    nicknames: tuple[Nickname, ...]


class AskContest(Message):
    """Which contest a question is about."""

    contest: Bytes16
