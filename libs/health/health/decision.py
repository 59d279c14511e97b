"""Deciding over everything that a missing value could turn out to be, and saying what decided.

A value that is not there is unknown, not normal. A decision is evaluated over every completion of what is unknown; when all give
the same result that is the result, otherwise it is undecidable.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, product
from typing import Generic, Literal, TypeVar

from .criteria import Criterion, Judged
from .facts import Ternary

Result = TypeVar("Result", bound=StrEnum)
Known = Mapping[Criterion, bool]
State = Mapping[Criterion, Ternary]
Note = Literal[
    "medication-first",
    "eased-from-65",
    "smoking-needs-another-risk",
    "visceral-fat-replaces-waist",
    "too-soon-after-meal",
    "bmi-differs",
]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Result]):
    """A rule on known criteria, and the result that says that they are not known well enough."""

    decide: Callable[[Known], Result]
    undecidable: Result
    _settled: dict[tuple[tuple[Criterion, Ternary], ...], Result] = field(default_factory=dict, compare=False, repr=False)
    """Results by state: there are some thousands, and snapshots ask about millions of checkups."""

    def settle(self, state: State) -> Result:
        """Return the one result of all completions, else undecidable."""
        named = tuple(state.items())
        if named not in self._settled:
            self._settled[named] = self._settle(state)
        return self._settled[named]

    def _settle(self, state: State) -> Result:
        first, *others = _completions(state)
        result = self.decide(first)
        return result if all(self.decide(known) == result for known in others) else self.undecidable


@dataclass(frozen=True, slots=True)
class Alternative(Generic[Result]):
    """A smallest set of criteria that, were they so instead, would give another result."""

    changes: tuple[tuple[Criterion, bool], ...]
    result: Result


@dataclass(frozen=True, slots=True)
class Decision(Generic[Result]):
    """A result and what it rests on.

    `counted`: criteria that are met and that the rule counts. `missing`: criteria whose missing values leave it open, none once
    it is decided. `alternatives`: of a decided result what would have to be otherwise, of an open one what would settle it.
    """

    result: Result
    criteria: tuple[Judged, ...]
    counted: tuple[Criterion, ...]
    missing: tuple[Criterion, ...]
    alternatives: tuple[Alternative[Result], ...]
    notes: tuple[Note, ...]


def explain(
    rule: Rule[Result], criteria: Sequence[Judged], counted: Iterable[Criterion], notes: Iterable[Note]
) -> Decision[Result]:
    """Return the decision with its explanation."""
    state = state_of(criteria)
    result = rule.settle(state)
    return Decision(
        result=result,
        criteria=tuple(criteria),
        counted=tuple(counted),
        missing=tuple(_missing(rule, state)),
        alternatives=tuple(_alternatives(rule, state, result)),
        notes=tuple(notes),
    )


def state_of(criteria: Iterable[Judged]) -> State:
    """Return whether each criterion is met."""
    return {judged.criterion: judged.met for judged in criteria}


def _completions(state: State) -> Iterator[Known]:
    ways = ((False, True) if met is None else (met,) for met in state.values())
    for known in product(*ways):
        yield dict(zip(state, known, strict=True))


def _missing(rule: Rule[Result], state: State) -> Iterator[Criterion]:
    """Yield the unknown criteria that matter in some completion."""
    for criterion, met in state.items():
        if met is None and any(
            rule.decide({**known, criterion: True}) != rule.decide({**known, criterion: False}) for known in _completions(state)
        ):
            yield criterion


def _alternatives(rule: Rule[Result], state: State, result: Result) -> Iterator[Alternative[Result]]:
    """Try sets of changes by size; what contains one that was found is not a smallest one."""
    is_open = result == rule.undecidable
    changeable = [criterion for criterion, met in state.items() if (met is None) == is_open]
    found: list[set[tuple[Criterion, bool]]] = []
    for size in range(1, len(changeable) + 1):
        for chosen in combinations(changeable, size):
            for ways in product(*((True, False) if is_open else (not state[criterion],) for criterion in chosen)):
                changes = tuple(zip(chosen, ways, strict=True))
                if any(smaller <= set(changes) for smaller in found):
                    continue
                other = rule.settle({**state, **dict(changes)})
                if other != result:
                    found.append(set(changes))
                    yield Alternative(changes, other)
