"""From what a health app measured to one value for a day and kind, on the device: times go no further than here."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from protocol.vitals import VITALS, VitalKind, VitalSource

from .measurements import Measurement
from .units import rounded

_EVENING = timedelta(hours=6)
"""Before midnight: whoever sleeps from then on sleeps the coming day's night."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading in the kind's unit; of sleep one stretch of it, whose value follows from its two ends.

    Times carry the offset of the place where it was measured: the day is the one that the calendar there showed. `best`: made for
    this very kind, as a resting pulse is, so that others of the day do not count beside it.
    """

    kind: VitalKind
    start: datetime
    end: datetime
    value: Decimal
    source: VitalSource
    best: bool = False

    @property
    def day(self) -> date:
        """The day it belongs to; a day's sleep is that from 18:00 of the evening before on."""
        return (self.end + _EVENING).date() if self.kind == "sleep" else self.start.date()


def newest(
    objects: Iterable[Mapping[str, Any]], named: Callable[[Mapping[str, Any]], tuple[Hashable, int]]
) -> list[Mapping[str, Any]]:
    """Return the objects, of those with one name the highest version alone; `named` returns both, and raises where it cannot."""
    kept: dict[Hashable, tuple[int, Mapping[str, Any]]] = {}
    for one in objects:
        try:
            name, version = named(one)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if name not in kept or version >= kept[name][0]:
            kept[name] = (version, one)
    return [one for _, one in kept.values()]


def of_days(samples: Iterable[Sample]) -> list[Measurement]:
    """Return one measurement for a day and kind, by day and kind; values that cannot be a living person's are left out.

    What stands for a day is said by the table of kinds: the last weight, the mean pressure, the highest temperature, all sleep.
    Sleep that two devices have recorded at the same time counts once.
    """
    found: defaultdict[tuple[date, VitalKind], list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.kind == "sleep" or VITALS[sample.kind].plausible(sample.value):
            found[sample.day, sample.kind].append(sample)
    in_order = sorted(found, key=lambda key: (key[0], VITALS[key[1]].number))
    return [made for day, kind in in_order if (made := _measurement(day, kind, found[day, kind])) is not None]


def _measurement(day: date, kind: VitalKind, samples: Sequence[Sample]) -> Measurement | None:
    chosen = [one for one in samples if one.best] or samples
    value = _value(kind, chosen)
    if not VITALS[kind].plausible(value):
        return None
    typed = all(one.source == "typed" for one in chosen)
    return Measurement(day, kind, value, "typed" if typed else "device")


def _value(kind: VitalKind, samples: Sequence[Sample]) -> Decimal:
    in_order = sorted(samples, key=lambda one: (one.end, one.start, one.value))
    values = [one.value for one in in_order]
    match VITALS[kind].of_day:
        case "last":
            return rounded(values[-1], kind)
        case "mean":
            return rounded(sum(values, Decimal(0)) / len(values), kind)
        case "highest":
            return rounded(max(values), kind)
        case "total":
            return rounded(_minutes(in_order), kind)


def _minutes(stretches: Iterable[Sample]) -> Decimal:
    """Return how many minutes the stretches cover together."""
    covered = timedelta()
    until: datetime | None = None
    for start, end in sorted((one.start, one.end) for one in stretches):
        begins = start if until is None else max(start, until)
        covered += max(end - begins, timedelta())
        until = end if until is None else max(end, until)
    return Decimal(covered // timedelta(seconds=1)) / 60
