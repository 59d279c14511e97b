"""A Data Health Plan as data: problems, programmes against them, and what each is measured by.

The four sides of a programme are those of データヘルス計画作成の手引き: structure and process, of which the office says whether
they were as they should be, output and outcome, of which a snapshot's answers say how much.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

from analysis import ANALYST, Question, Refused, measures
from analysis.questions import plan as checked
from pydantic import Field, model_validator

from plans.files import Data, Text, Year, read

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Better = Literal["higher", "lower"]


class Measured(Data):
    """A registered question, asked of every fiscal year, and what it should come to in those that have a target."""

    measure: str
    version: int
    """Of the measure when the targets were set. Where another one answers, nothing is said of whether a target was reached."""
    better: Better
    where: dict[str, str] = Field(default_factory=dict)
    target: dict[Year, float] = Field(default_factory=dict)
    """In the measure's unit."""

    @property
    def question(self) -> Question:
        """What is asked."""
        return Question(self.measure, None, (), tuple(self.where.items()))

    @model_validator(mode="after")
    def _registered(self) -> Self:
        if self.measure not in measures():
            raise ValueError("measure is not registered")
        if not 1 <= self.version <= measures()[self.measure].version:
            raise ValueError("version is none that the measure has had")
        try:
            checked(self.question, (), ANALYST)
        except Refused as refused:
            raise ValueError(f"cannot be asked: {refused.reason}") from None
        return self


class Said(Data):
    """What the office itself says of structure or process."""

    title: Text
    target: Text
    state: dict[Year, Literal["yes", "partly", "no"]] = Field(default_factory=dict)
    """Whether it was as it should be."""


class Decision(Data):
    """The act step of one year."""

    act: Literal["continue", "improve", "extend", "end"]
    why: Text


class Programme(Data):
    """What is done about a problem."""

    id: Id
    title: Text
    owner: Text
    structure: Said
    process: Said
    output: Measured
    outcome: Measured
    decision: dict[Year, Decision] = Field(default_factory=dict)


class Problem(Data):
    """A problem of the insured as the data show it."""

    id: Id
    title: Text
    why: Text
    indicator: Measured
    programmes: Annotated[tuple[Programme, ...], Field(min_length=1, strict=False)]


class Plan(Data):
    """A plan of some fiscal years; `version` rises whenever a change of it was agreed."""

    format: Literal[1]
    version: Annotated[int, Field(ge=1)]
    insurer: Text
    title: Text
    first_year: Annotated[int, Field(ge=2000, le=2200)]
    last_year: Annotated[int, Field(ge=2000, le=2200)]
    problems: Annotated[tuple[Problem, ...], Field(min_length=1, strict=False)]

    @property
    def years(self) -> range:
        """Its fiscal years."""
        return range(self.first_year, self.last_year + 1)

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """All programmes, problem by problem."""
        return tuple(one for problem in self.problems for one in problem.programmes)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not 0 <= self.last_year - self.first_year < 20:
            raise ValueError("last_year is before first_year, or twenty years after it")
        for kind, ids in (("problem", [one.id for one in self.problems]), ("programme", [one.id for one in self.programmes])):
            if len(set(ids)) < len(ids):
                raise ValueError(f"two of kind {kind} have the same id")
        outside = [name for name, years in self._dated() if not set(years) <= set(self.years)]
        if outside:
            raise ValueError(f"a year outside of the plan: {', '.join(outside)}")
        return self

    def _dated(self) -> list[tuple[str, list[int]]]:
        found = [(f"{one.id}.indicator.target", list(one.indicator.target)) for one in self.problems]
        for one in self.programmes:
            found += [(f"{one.id}.{side}.state", list(getattr(one, side).state)) for side in ("structure", "process")]
            found += [(f"{one.id}.{side}.target", list(getattr(one, side).target)) for side in ("output", "outcome")]
            found.append((f"{one.id}.decision", list(one.decision)))
        return found


def read_plan(file: Path) -> Plan:
    """Read a plan; raise FileUnusable."""
    return read(file, Plan)
