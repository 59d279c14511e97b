"""What a member sees of checkups: each value with its normal range, letter and change, and what the public rules make of it.

Everything is worked out on the device. The letters and results here are those of the public rules (see `health`); what the
institution wrote stands beside them, and where both differ the institution saw more than the values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from health import (
    Band,
    Change,
    Letter,
    Limits,
    Normal,
    Number,
    Observed,
    Sex,
    Trend,
    answers,
    changes,
    explain_guidance,
    explain_syndrome,
    facts,
    grades,
    letters,
    normal,
    numbers,
    trend,
)
from health.explaining import Explained
from health.items import by_code
from protocol.messages.records import Checkup, Checkups
from protocol.record import Profile

_SYNDROME, _LEVEL = "metabolic-syndrome", "guidance-level"


@dataclass(frozen=True, slots=True)
class Line:
    """One result that counts: of several methods the preferred one. `value` is a number, or the code of a choice."""

    item: str
    """Short name; texts are in `health.words`: ``item.NAME``, ``meaning.NAME``."""
    code: str
    value: Number | str
    normal: Normal | None
    band: Band | None
    limits: Limits | None
    """The ministry's two limits of this fiscal year, and where the value lies between them."""
    letter: Letter | None
    change: Change | None
    """Since the checkup before in which it was measured."""
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class CheckupView:
    """One checkup among the others."""

    checkup: Checkup
    observed: tuple[Observed, ...]
    """All coded and measured results, those that were sealed for the member among them."""
    lines: tuple[Line, ...]
    syndrome: Explained
    guidance: Explained | None
    """None outside the ages that have a level."""
    stated: Mapping[str, str]
    """What the institution wrote: codes of ``metabolic-syndrome`` and ``guidance-level``."""

    @property
    def exam_date(self) -> date:
        """The day of the examination."""
        return self.checkup.exam_date

    def differs(self, decision: Explained | None, item: str) -> bool:
        """Say whether the institution wrote something else than the rules give."""
        return decision is not None and self.stated.get(item, decision.result.value) != decision.result.value


def checkup_views(found: Checkups, details: Mapping[int, Mapping[str, Any]], *, sex: Sex | None) -> tuple[CheckupView, ...]:
    """Return one view a checkup, in the given order; ``details`` are the opened details by position."""
    observed = [(*_open(one), *_sealed(details.get(at, {}))) for at, one in enumerate(found.checkups)]
    by_time = sorted(range(len(observed)), key=lambda at: (found.checkups[at].exam_date, found.checkups[at].program))
    views: dict[int, CheckupView] = {}
    before: list[Mapping[str, Number]] = []
    for at in by_time:
        views[at] = _view(found.checkups[at], observed[at], before, sex)
        before.append(numbers(observed[at]))
    return tuple(views[at] for at in range(len(observed)))


def sex_of(profile: Profile) -> Sex | None:
    """Return the record's sex, where it is one that the rules know."""
    sexes: dict[str, Sex] = {"male": "male", "female": "female"}
    return sexes.get(profile.sex)


def _view(checkup: Checkup, observed: tuple[Observed, ...], before: Sequence[Mapping[str, Number]], sex: Sex | None) -> CheckupView:
    found = facts(observed, sex=sex, age=checkup.age)
    said = answers(observed)
    return CheckupView(
        checkup,
        observed,
        tuple(_lines(checkup.fiscal_year, observed, before, sex)),
        explain_syndrome(found),
        explain_guidance(found),
        {item: said[item] for item in (_SYNDROME, _LEVEL) if item in said},
    )


def _lines(
    fiscal_year: int, observed: tuple[Observed, ...], before: Sequence[Mapping[str, Number]], sex: Sex | None
) -> Iterator[Line]:
    found, said = numbers(observed), answers(observed)
    lettered = {item: one.letter for one in letters(found, said, sex=sex) for item in one.items}
    graded = {one.item: one for one in grades(found, sex=sex, fiscal_year=fiscal_year)}
    codes = {by_code()[one.code].name: one.code for one in reversed(observed) if one.code in by_code()}
    for name in dict.fromkeys(item.name for item in by_code().values()):
        value: Number | str | None = found.get(name) or said.get(name)
        if value is None:
            continue
        course = [year[name] for year in before if name in year]
        measured = isinstance(value, Number)
        yield Line(
            item=name,
            code=value.code if isinstance(value, Number) else codes[name],
            value=value,
            normal=normal(name, sex=sex) if measured else None,
            band=graded[name].band if name in graded else None,
            limits=graded[name].limits if name in graded else None,
            letter=lettered.get(name),
            change=_change(name, course, value) if isinstance(value, Number) else None,
            trend=trend([*course, value]) if isinstance(value, Number) else None,
        )


def _change(name: str, course: Sequence[Number], value: Number) -> Change | None:
    return next(iter(changes({name: course[-1]}, {name: value})), None) if course else None


def _open(checkup: Checkup) -> Iterator[Observed]:
    for one in checkup.observations:
        yield Observed(one.item, one.value if one.value is not None else one.choice, one.absent)


def _sealed(details: Mapping[str, Any]) -> Iterator[Observed]:
    """Yield the coded results that the open part cannot say, as answers of an older list."""
    listed = details.get("observations")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("system"), str) and isinstance(one.get("value"), str):
            item = by_code().get(str(one.get("code")))
            if item is not None and item.choices and one.get("status", "measured") == "measured":
                yield Observed(item.code, one["value"], system=one["system"])
