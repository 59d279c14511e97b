"""Rankings of contests: snapshots that everybody sees alike."""

from typing import Annotated

from pydantic import Field

from .base import Bytes16, Message
from .contests import Title

PAGE_ROWS = 50
POOLED = 0
"""The league of teams with fewer than ten active members: their order is shown, and no number of theirs."""


class RankingRow(Message):
    """A team's place. Numbers are missing where fewer than ten active members are behind them."""

    team: Bytes16
    name: Title | None
    place: int
    """Shared by teams of equal scores; the one after two firsts is third."""
    score: int | None
    """Rounded to tens: steps per eligible member and day, or steps."""
    active_average: int | None
    """Steps per member and day of those who take part, rounded to tens, beside the score of all who could."""
    participation: int | None
    """Percent of the eligible members who take part, rounded down; for teams of ten eligible members or more."""
    stage: int | None
    """How many stages of the route the team has reached."""
    corrected: bool
    """Whether somebody of the staff adjusted it after the end."""


class RankingPage(Message):
    """``POST /contests/ranking``: fifty rows of one league."""

    contest: Bytes16
    generation: int
    """Counts the snapshots of this contest."""
    computed_at: int
    """Seconds since 1970."""
    final: bool
    league: int
    leagues: tuple[int, ...]
    """Those that have teams; 0 is the pooled one."""
    teams: int
    """In this league."""
    page: int
    rows: tuple[RankingRow, ...]


class AskRanking(Message):
    """Which part of a ranking."""

    contest: Bytes16
    league: Annotated[int, Field(ge=0, le=100)] = 1
    page: Annotated[int, Field(ge=0, le=100_000)] = 0


class RankingNews(Message):
    """An event of ``GET /contests/{contest}/events`` (server-sent events): there is a new ranking, which is then asked for."""

    generation: int
    """Also the event's id: whoever listens again names it in ``Last-Event-ID`` and is told of later ones alone."""
    computed_at: int
    """Seconds since 1970."""
    final: bool


class Participation(Message):
    """How many of the own team take part, in whole people."""

    eligible: int
    active: int
    threshold: int | None
    """The next percentage that the team can reach; None when it has reached the last one."""
    missing: int | None
    """How many more that needs."""


class OwnRanking(Message):
    """``POST /me/ranking``: the own team in the newest snapshot, and the first page of its league."""

    own: RankingRow | None
    participation: Participation | None
    """For teams of ten eligible members or more."""
    page: RankingPage | None
    """None while there is no snapshot."""
