"""The axes of 健康スコアリングレポート: shares of five risks, habits, and cost, own beside a reference over three years."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from analysis import Question, measures
from analysis.tables import Asks
from pydantic import Field, model_validator

from plans.actuals import Actual, by_year
from plans.files import Data, Text, Year, read
from plans.plan import Better

Kind = Literal["risk", "habit", "cost"]
YEARS = 3
_RISKS = ("risk-obesity", "risk-pressure", "risk-liver", "risk-lipids", "risk-glucose")
_HABITS = ("healthy-exercise", "healthy-eating", "healthy-drinking", "healthy-sleep")
AXES: tuple[tuple[str, Kind, Better], ...] = (
    *((name, "risk", "lower") for name in _RISKS),
    ("smoking", "habit", "lower"),
    *((name, "habit", "higher") for name in _HABITS),
    ("cost-per-month", "cost", "lower"),
)


class Reference(Data):
    """Values of others, with where they are from; per cent and yen, as the measures."""

    format: Literal[1]
    title: Text
    source: Text
    values: dict[Year, dict[str, Annotated[float, Field(ge=0)]]]

    @model_validator(mode="after")
    def _registered(self) -> Self:
        if any(name not in measures() for values in self.values.values() for name in values):
            raise ValueError("values are of registered measures alone")
        return self

    def of(self, year: int, measure: str) -> float | None:
        """Return a value, where there is one."""
        return self.values.get(year, {}).get(measure)


@dataclass(frozen=True, slots=True)
class Axis:
    """One measure over the years, own and others'."""

    measure: str
    kind: Kind
    better: Better
    own: dict[int, Actual]
    reference: dict[int, float]


def years_until(year: int) -> range:
    """Return the three fiscal years that are compared."""
    return range(year - YEARS + 1, year + 1)


def axes(asks: Asks, year: int, reference: Reference | None, where: tuple[tuple[str, str], ...] = ()) -> tuple[Axis, ...]:
    """Ask every axis, of those people."""
    return tuple(_axes(asks, year, reference, where))


def _axes(asks: Asks, year: int, reference: Reference | None, where: tuple[tuple[str, str], ...]) -> Iterator[Axis]:
    for measure, kind, better in AXES:
        own = by_year(asks, Question(measure, None, (), where))
        known = {one: None if reference is None else reference.of(one, measure) for one in years_until(year)}
        yield Axis(
            measure,
            kind,
            better,
            {one: own[one] for one in years_until(year) if one in own},
            {one: value for one, value in known.items() if value is not None},
        )


def read_reference(file: Path) -> Reference:
    """Read a reference; raise FileUnusable."""
    return read(file, Reference)


def reference_of(plan: Path) -> Reference | None:
    """Read what stands beside a plan as ``NAME.reference.toml``, if anything does; raise FileUnusable."""
    file = plan.with_suffix(".reference.toml")
    return read_reference(file) if file.exists() else None
