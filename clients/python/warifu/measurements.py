"""What a member measures, as the member says it: without units that are fixed anyway and without counters."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from protocol.messages.records import Vitals, VitalWrite
from protocol.messages.steps import StepDay
from protocol.vitals import VITALS, VitalKind, VitalSource

_WRITER_BITS = 20


@dataclass(frozen=True)
class Measurement:
    """One value of one day in the unit of :data:`protocol.vitals.VITALS`: kg, mmHg, beats a minute, °C, minutes of sleep, cm."""

    day: date
    kind: VitalKind
    value: Decimal | None
    """``None`` deletes what is there."""
    source: VitalSource = "typed"


@dataclass(frozen=True)
class DaySteps:
    """All steps of one day: those that were measured, and those that a person typed in addition."""

    day: date
    steps: int
    manual_steps: int = 0


class Counter:
    """Numbers one session's writes at one store, above all that it has seen there.

    It is no clock: stores keep no time finer than a day. The low bits are the session's own, at random and for this store alone:
    of two devices that count on from the same number one is later, the same one in whatever order their writes arrive.
    """

    def __init__(self) -> None:
        self._writer = secrets.randbits(_WRITER_BITS)
        self._count = 0

    def after(self, seen: Iterable[int], count: int) -> list[int]:
        """Return ``count`` numbers upwards."""
        first = max(self._count, *(seq >> _WRITER_BITS for seq in seen), 0) + 1
        self._count = first + count - 1
        return [(number << _WRITER_BITS) | self._writer for number in range(first, first + count)]


def vitals(measured: Iterable[Measurement], seqs: Iterable[int]) -> list[VitalWrite]:
    """Give measurements their counters; of two for one day and kind the later one wins."""
    return [
        VitalWrite(day=item.day, kind=item.kind, value=item.value, unit=VITALS[item.kind].unit, seq=seq, source=item.source)
        for item, seq in zip(measured, seqs, strict=True)
    ]


def step_days(counted: Iterable[DaySteps], seqs: Iterable[int]) -> list[StepDay]:
    """Give day totals their counters."""
    return [
        StepDay(day=item.day, steps=item.steps, manual_steps=item.manual_steps, seq=seq)
        for item, seq in zip(counted, seqs, strict=True)
    ]


def news(measured: Iterable[Measurement], known: Vitals) -> list[Measurement]:
    """Return what a device has measured that is not there yet, neither typed nor deleted by a person."""
    kept = {(one.day, one.kind): one.value for one in known.items if one.source == "device"}
    settled = {(one.day, one.kind) for one in known.items if one.source == "typed"} | {(one.day, one.kind) for one in known.deleted}
    return [item for item in measured if (item.day, item.kind) not in settled and kept.get((item.day, item.kind)) != item.value]
