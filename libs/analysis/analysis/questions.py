"""A question, and its one canonical form: whatever means the same is the same value, has the same answer and is cached once."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.errors import Refused
from analysis.measures import Measure, Ratio, measures
from analysis.policy import Policy
from analysis.variables import Rung, variables


@dataclass(frozen=True, slots=True)
class Question:
    """A measure, told apart `by` rungs, of people `where` rungs have levels; rungs read ``age``, the finest, or ``age:stage``.

    `year` is a fiscal year, None all of the snapshot. `snapshot` is its month where the asker means one, as ``2026-11``.
    """

    measure: str
    year: int | None = None
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    snapshot: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A question that may be answered: rungs in the order of the registry, whatever order they were asked in."""

    measure: Measure
    years: tuple[int, ...]
    by: tuple[Rung, ...]
    where: tuple[tuple[Rung, str], ...]


def plan(question: Question, years: tuple[int, ...], policy: Policy) -> Plan:
    """Return the canonical form; raise Refused by the question alone."""
    if question.measure not in measures():
        raise Refused("unknown-measure")
    by = sorted((_rung(text) for text in question.by), key=_place)
    where = sorted(((_rung(text), level) for text, level in question.where), key=lambda pair: _place(pair[0]))
    if any(rung.levels is not None and level not in rung.levels for rung, level in where):
        raise Refused("unknown-level")
    measure = measures()[question.measure]
    _check_variables([*by, *(rung for rung, _ in where)], policy, sums=isinstance(measure, Ratio))
    if question.year is not None and question.year not in years:
        raise Refused("unknown-year")
    return Plan(measure, years if question.year is None else (question.year,), tuple(by), tuple(where))


def _check_variables(rungs: Iterable[Rung], policy: Policy, *, sums: bool) -> None:
    names = [rung.variable for rung in rungs]
    if len(set(names)) < len(names):
        raise Refused("variable-twice")
    if len(names) > (policy.sum_variables if sums else policy.variables):
        raise Refused("too-many-variables")
    if sum(variables()[name].of == "attribute" for name in names) > policy.attributes:
        raise Refused("too-many-attributes")


def _rung(text: str) -> Rung:
    name, _, rung = text.partition(":")
    if name not in variables():
        raise Refused("unknown-variable")
    found = [one for one in variables()[name].rungs if one.name == rung or not rung]
    if not found:
        raise Refused("unknown-variable")
    return found[0]


def _place(rung: Rung) -> int:
    return list(variables()).index(rung.variable)
