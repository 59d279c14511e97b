"""What analysts ask anon-data, and what they are told: numbers of groups, never rows of one."""

from typing import Annotated, Literal

from pydantic import Field

from .base import Message

Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}(:[a-z0-9-]{1,40})?(@[0-9]{4})?$")]
"""A measure, or a variable and its rung as ``age:stage``; without a rung the finest; ``smoking@2024`` as it was in that year."""
Level = Annotated[str, Field(min_length=1, max_length=40)]
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]

CohortName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}:[1-9][0-9]{0,3}$")]
"""A cohort and its version: ``mills:2``."""


class Condition(Message):
    """Only people whose level it is."""

    rung: Name
    level: Level


class AskedQuestion(Message):
    """``POST /staff/analysis/answers``, and ``/staff/analysis/tables`` for the same as CSV (RFC 4180)."""

    measure: Name
    year: int | None = None
    """Fiscal year; all of the snapshot without it."""
    by: Annotated[tuple[Name, ...], Field(max_length=8)] = ()
    where: Annotated[tuple[Condition, ...], Field(max_length=8)] = ()
    snapshot: Month | None = None
    """Refused where it is not the newest."""
    employer: bool = False
    """For somebody else's eyes: nothing of fewer than fifty people."""
    cohort: CohortName | None = None
    """Of whom, with nothing else in `by` and `where`; refused alike where it is not approved and where it never was."""


class AnsweredCell(Message):
    """One group. Counts are rounded; what is not shown is None, and `mark` says so."""

    year: int
    levels: tuple[str, ...]
    people: int | None
    counted: int | None
    value: float | None
    mark: Literal["", "hidden", "low", "high"]


class AnsweredQuestion(Message):
    """The answer: every group that there could be, in the order of the registry."""

    snapshot: Month
    measure: Name
    version: int
    by: tuple[Name, ...]
    where: tuple[Condition, ...]
    cells: tuple[AnsweredCell, ...]
    cohort: CohortName | None = None


class Title(Message):
    """A text in both languages."""

    en: str
    ja: str


class AskableMeasure(Message):
    """What can be asked; `version` rises when its meaning changes."""

    name: Name
    version: int
    kind: Literal["share", "ratio"]
    title: Title


class AskableRung(Message):
    """One way to tell a variable's levels apart; the snapshot names them where there are none."""

    name: Name
    levels: tuple[str, ...] | None


class AskableVariable(Message):
    """What people may be told apart by, from fine to coarse; by a disease in measures of diseases alone."""

    name: Name
    of: Literal["population", "attribute", "disease"]
    title: Title
    rungs: tuple[AskableRung, ...]


class FunnelStep(Message):
    """One step: some of the people of the one before."""

    title: Title


class AskableFunnel(Message):
    """A sequence of measures; `version` rises when its meaning changes."""

    name: Name
    version: int
    title: Title
    steps: tuple[FunnelStep, ...]


class AnalysisCatalogue(Message):
    """``GET /staff/analysis/catalogue``."""

    measures: tuple[AskableMeasure, ...]
    variables: tuple[AskableVariable, ...]
    funnels: tuple[AskableFunnel, ...]
