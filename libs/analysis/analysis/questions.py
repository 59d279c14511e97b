"""A question, and its one canonical form: whatever means the same is the same value, has the same answer and is cached once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.cohorts import Cohort, Conditions, conditions
from analysis.errors import CohortRefused, Refused
from analysis.measures import Measure, Ratio, measures
from analysis.policy import Policy
from analysis.variables import Rung, variables


@dataclass(frozen=True, slots=True)
class Question:
    """A measure, told apart `by` rungs, of people `where` rungs have levels; rungs read ``age``, the finest, or ``age:stage``.

    ``smoking@2024`` are people by what they were in 2024, in whatever year they are asked about; only what is somebody's own.
    `year` is a fiscal year, None all of the snapshot. `snapshot` is its month where the asker means one, as ``2026-11``.
    `cohort`: whom it is about; whether it may be asked is for whoever keeps cohorts to say.
    """

    measure: str
    year: int | None = None
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    snapshot: str | None = None
    cohort: Cohort | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A question that may be answered: rungs in the order of the registry, whatever order they were asked in.

    `cohort`: its conditions, without workplaces that there are not.
    """

    measure: Measure
    years: tuple[int, ...]
    by: tuple[Rung, ...]
    where: tuple[tuple[Rung, str], ...]
    cohort: Conditions = ()

    def former(self, year: int) -> bool:
        """Say whether people of a year are told apart by what they were in another one."""
        return any(rung.year not in {None, year} for rung in (*self.by, *(rung for rung, _ in self.where)))

    def without(self, variable: str) -> "Plan":
        """Return the same of everybody, whatever they are by a variable."""
        where = tuple((rung, level) for rung, level in self.where if rung.variable != variable)
        return replace(self, by=tuple(rung for rung in self.by if rung.variable != variable), where=where)


def plan(question: Question, years: tuple[int, ...], policy: Policy, workplaces: tuple[str, ...] = ()) -> Plan:
    """Return the canonical form; raise Refused by the question alone. Of a cohort the `workplaces` stay that there are."""
    if question.measure not in measures():
        raise Refused("unknown-measure")
    asked_years = years if question.year is None else (question.year,)
    by = sorted((_rung(text, years, asked_years) for text in question.by), key=_place)
    where = sorted(((_rung(text, years, asked_years), level) for text, level in question.where), key=lambda pair: _place(pair[0]))
    if any(rung.levels is not None and level not in rung.levels for rung, level in where):
        raise Refused("unknown-level")
    measure = measures()[question.measure]
    _check_variables([*by, *(rung for rung, _ in where)], policy, measure)
    if question.year is not None and question.year not in years:
        raise Refused("unknown-year")
    return Plan(measure, asked_years, tuple(by), tuple(where), _cohort(question, policy, workplaces))


def _cohort(question: Question, policy: Policy, workplaces: tuple[str, ...]) -> Conditions:
    if question.cohort is None:
        return ()
    if len(question.by) + len(question.where) > policy.beside:
        raise Refused("cohort-alone")
    try:
        found = conditions(question.cohort, policy)
    except CohortRefused:
        raise Refused("unknown-cohort") from None
    there = set(workplaces)
    return tuple(
        tuple((rung, tuple(one for one in levels if rung.levels or one in there)) for rung, levels in condition)
        for condition in found
    )


def _check_variables(rungs: Iterable[Rung], policy: Policy, measure: Measure) -> None:
    names = [rung.variable for rung in rungs]
    if len(set(names)) < len(names):
        raise Refused("variable-twice")
    if len(names) > (policy.sum_variables if isinstance(measure, Ratio) else policy.variables):
        raise Refused("too-many-variables")
    if sum(variables()[name].of != "population" for name in names) > policy.attributes:
        raise Refused("too-many-attributes")
    if measure.by_disease is not any(variables()[name].of == "disease" for name in names):
        raise Refused("disease-mismatch")


def _rung(text: str, years: tuple[int, ...], asked: tuple[int, ...]) -> Rung:
    named, at, year = text.partition("@")
    name, _, rung = named.partition(":")
    if name not in variables() or (at and variables()[name].of != "attribute"):
        raise Refused("unknown-variable")
    found = [one for one in variables()[name].rungs if one.name == rung or not rung]
    if not found:
        raise Refused("unknown-variable")
    if not at:
        return found[0]
    if year not in map(str, years):
        raise Refused("unknown-year")
    return found[0] if asked == (int(year),) else replace(found[0], year=int(year))


def _place(rung: Rung) -> int:
    return list(variables()).index(rung.variable)
