"""What a member measures, as the member says it: without units that are fixed anyway and without counters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from protocol.messages.records import VITAL_UNITS, Vital, VitalKind
from protocol.messages.steps import StepDay


@dataclass(frozen=True)
class Measurement:
    """One value of one day: body weight in kilograms, blood pressure in millimetres of mercury."""

    day: date
    kind: VitalKind
    value: Decimal


@dataclass(frozen=True)
class DaySteps:
    """All steps of one day."""

    day: date
    steps: int


def next_seq(seen: Iterable[int]) -> int:
    """Return a counter above all those seen. It is no clock: stores keep no time finer than a day."""
    return max(seen, default=-1) + 1


def vitals(measured: Iterable[Measurement], seq: int) -> list[Vital]:
    """Give measurements counters upwards from ``seq``; of two for one day and kind the later one wins."""
    return [
        Vital(day=item.day, kind=item.kind, value=item.value, unit=VITAL_UNITS[item.kind], seq=seq + at)
        for at, item in enumerate(measured)
    ]


def step_days(counted: Iterable[DaySteps], seq: int) -> list[StepDay]:
    """Give day totals counters upwards from ``seq``."""
    return [StepDay(day=item.day, steps=item.steps, seq=seq + at) for at, item in enumerate(counted)]
