"""Samples of Apple's HealthKit, as an app hands them over: one JSON object each, with the names that HealthKit has for everything.

``type`` (``HKQuantityTypeIdentifierBodyMass``), ``value``, ``unit`` (the string of ``HKUnit``, such as ``lb``), ``startDate`` and
``endDate`` (ISO 8601 with an offset), ``uuid`` and ``metadata``. Of sleep ``value`` is that of ``HKCategoryValueSleepAnalysis``.

Sources: developer.apple.com/documentation/healthkit, pages HKQuantityTypeIdentifier, HKUnit, HKCategoryValueSleepAnalysis,
HKMetadataKeyWasUserEntered, HKMetadataKeySyncIdentifier.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from protocol.vitals import VitalKind, VitalSource

from .samples import Sample, newest
from .units import converted

_QUANTITIES: dict[str, VitalKind] = {
    "HKQuantityTypeIdentifierBodyMass": "body-weight",
    "HKQuantityTypeIdentifierBloodPressureSystolic": "systolic",
    "HKQuantityTypeIdentifierBloodPressureDiastolic": "diastolic",
    "HKQuantityTypeIdentifierHeartRate": "pulse",
    "HKQuantityTypeIdentifierRestingHeartRate": "pulse",
    "HKQuantityTypeIdentifierBodyTemperature": "body-temperature",
    "HKQuantityTypeIdentifierWaistCircumference": "waist",
}
_BEST = "HKQuantityTypeIdentifierRestingHeartRate"
_SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"
_ASLEEP = frozenset({1, 3, 4, 5})
"""Unspecified, core, deep, REM; neither in bed (0) nor awake (2)."""


def samples(objects: Iterable[Mapping[str, Any]]) -> Iterator[Sample]:
    """Yield what is a vital here; other types, units that do not fit and what cannot be read are passed over.

    Of objects with one sync identifier the highest version counts, of those with one UUID the last.
    """
    for one in newest(objects, _named):
        try:
            sample = _sample(one)
        except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError):
            continue
        if sample is not None:
            yield sample


def _named(one: Mapping[str, Any]) -> tuple[Hashable, int]:
    about = one.get("metadata") or {}
    name = about.get("HKSyncIdentifier", one.get("uuid"))
    return (one["type"], id(one) if name is None else str(name)), int(about.get("HKSyncVersion", 0))


def _sample(one: Mapping[str, Any]) -> Sample | None:
    start, end = _time(one["startDate"]), _time(one.get("endDate", one["startDate"]))
    source: VitalSource = "typed" if (one.get("metadata") or {}).get("HKWasUserEntered") else "device"
    if one["type"] == _SLEEP:
        return Sample("sleep", start, end, Decimal(0), source) if int(one["value"]) in _ASLEEP else None
    kind = _QUANTITIES.get(one["type"])
    if kind is None:
        return None
    return Sample(kind, start, end, converted(Decimal(str(one["value"])), one["unit"], kind), source, best=one["type"] == _BEST)


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without an offset says no day")
    return moment
