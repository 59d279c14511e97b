"""Rules by which points are granted: data, in versions. They reward what somebody did, never how healthy somebody is."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import BATCH_ROWS, Bytes16, Bytes32, Message
from .contests import Title

Metric = Literal["individual-average", "streak", "active-days", "fact", "participation-rate", "team-average", "rank"]
"""Of a member, ``individual-average``: counted steps a day of the period; ``streak``: days in a row with at least ``steps``;
``active-days``: days with at least ``steps``; ``fact``: what the insurer says happened in the period's fiscal year.
Of a team of a contest that is over, ``participation-rate`` in percent; ``team-average`` of counted steps a person and day;
``rank`` in its league."""
OF_TEAMS = frozenset({"participation-rate", "team-average", "rank"})
FactKind = Literal["checkup-taken", "guidance-completed", "questionnaire-answered"]
RuleId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
MOST_POINTS = 100_000
"""Of one grant to one member."""


class Tier(Message):
    """From which value on, or up to which place, how many points are given; the highest tier that is reached counts."""

    at: Annotated[int, Field(ge=0, le=1_000_000)]
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)]


class Rule(Message):
    """One version of a rule. All arithmetic is of integers: an average is reached when the sum is as large as its days times it."""

    title_ja: Title
    title_en: Title
    metric: Metric
    fact: FactKind | None = None
    """For the metric ``fact`` alone."""
    steps: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Steps that make a day active, for ``streak`` and ``active-days``."""
    daily_cap: Annotated[int, Field(ge=1, le=200_000)] = 30_000
    """Steps of one day that count at most; for metrics of teams the contest says so, and who takes part."""
    contest: Bytes16 | None = None
    """For metrics of teams alone: a run is for the contest's days, once its result stands."""
    denominator: Literal["eligible", "registered"] = "eligible"
    """Rate and average of teams are of all who are in it and not counted out, or of those who entered."""
    who: Literal["all-members", "active-only"] = "all-members"
    """Of a team that reaches a tier, who gets the points: also those who did not take part, or only who did."""
    min_team: Annotated[int, Field(ge=2, le=10_000)] = 10
    """Members of a team at least: of fewer one who is absent decides, and what was granted would tell about one."""
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=20)]
    """By points, the fewest first: each asks for more than the one before; for ``rank``, for a better place."""
    member_cap: Annotated[int, Field(ge=1, le=MOST_POINTS)] = MOST_POINTS
    """Points of this rule that one member gets in a fiscal year at most."""
    budget: Annotated[int, Field(ge=1, lt=2**40)]
    """Points of this rule in a fiscal year. A run that would go beyond it grants nothing."""
    lasts_days: Annotated[int, Field(ge=1, le=1_100)]
    """Days after that of the grant on which the points may be spent."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.fact is not None) != (self.metric == "fact"):
            raise ValueError("a fact is named for the metric fact, and for nothing else")
        if (self.steps is not None) != (self.metric in ("streak", "active-days")):
            raise ValueError("steps of a day are named for streak and active-days, and for nothing else")
        pairs = [(tier.at, tier.points) for tier in self.tiers]
        if (self.contest is not None) != (self.metric in OF_TEAMS):
            raise ValueError("a contest is named for metrics of teams, and for nothing else")
        better = -1 if self.metric == "rank" else 1
        if any(not (before[0] * better < after[0] * better and before[1] < after[1]) for before, after in pairwise(pairs)):
            raise ValueError("each tier asks for more and gives more than the one before")
        return self


class RuleVersion(Message):
    """A rule as it stands."""

    id: RuleId
    version: int
    rule: Rule


class Rules(Message):
    """``GET /point-rules``: the newest version of every rule."""

    rules: tuple[RuleVersion, ...]


class GrantPoints(Message):
    """``POST /staff/point-runs``: give everybody what the rule's newest version gives for a period.

    A run is known by rule and period: the same again goes on where it was interrupted, and grants nobody anything twice.
    """

    rule: RuleId
    first: date
    last: date
    dry: bool = False
    """Only say what would be granted."""


class TierReached(Message):
    """How many members reach a tier."""

    at: int
    members: int | None
    """In fives, from ten on."""


class PointRun(Message):
    """What a run granted, or would grant."""

    run: Bytes16
    version: int
    done: bool
    """False of a dry run."""
    members: int | None
    """Who gets points now, in fives and from ten on; who got theirs in an earlier attempt is not counted."""
    points: int | None
    """Points that these members get; None where the members are not told."""
    tiers: tuple[TierReached, ...]
    budget_left: int
    """Afterwards, in this fiscal year."""


class PointFact(Message):
    """That something happened to a member in a fiscal year."""

    token: Bytes32
    kind: FactKind
    fiscal_year: Annotated[int, Field(ge=2000, le=2200)]


class PointFacts(Message):
    """``POST /point-facts`` and ``/point-facts/withdrawals`` (window ``ingest``; quotas ``fact``, ``withdraw``), by token."""

    rows: Annotated[tuple[PointFact, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class PointFactsStored(Message):
    """How many rows changed something; rows whose token has no mailbox are named by their index and not stored."""

    changed: int
    unchanged: int
    unknown: tuple[int, ...] = ()


class BookSide(Message):
    """What one side of the books came to with one party in a fiscal year; members' side and others sum to nothing."""

    fiscal_year: int
    side: Literal["members", "issued", "redeemed", "expired", "erased"]
    party: str
    points: int


class Budget(Message):
    """What a rule may grant in a fiscal year, and what it has granted."""

    rule: RuleId
    fiscal_year: int
    budget: int
    granted: int


class Budgets(Message):
    """``GET /staff/points/budgets``: of this fiscal year, by rule."""

    budgets: tuple[Budget, ...]


class OrderSums(Message):
    """Orders held against the ledger."""

    waiting: int
    """Points of orders that wait; as much as ``held``."""
    held: int
    bought: int
    """Points of orders that were accepted and stand; as much as ``redeemed``, what was given back taken off."""
    redeemed: int
    unmatched: int
    """Orders, holds and transfers of orders without their counterpart: none."""


class Books(Message):
    """``GET /staff/points/books``: the sums that must agree, and the sides of the books for accounting."""

    agree: bool
    postings: int
    """Of both sides together: nothing."""
    entries: int
    """Of members' transfers; as much as ``balances`` and as what is left of ``lots``."""
    balances: int
    lots: int
    held: int
    """Of balances; as much as the ``holds``, and as their ``parts`` of lots."""
    holds: int
    parts: int
    orders: OrderSums
    sides: tuple[BookSide, ...]
