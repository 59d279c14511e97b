"""Day totals of steps, as platforms and other programs hand them over: objects read from JSON.

Totals that the system has already freed of what telephone and watch counted twice are taken, samples never: adding samples of
two devices doubles a walk. A total belongs to the day on which it begins where the device is. What cannot be read is passed over.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from protocol.messages.steps import MOST_STEPS

from .measurements import DaySteps

_Object = Mapping[str, Any]
_LONGEST = timedelta(hours=25)
"""Of a day on which clocks are put back."""
_KIT = "HKQuantityTypeIdentifierStepCount"
_AGGREGATE = "STEPS_COUNT_TOTAL"
_LOINC = "http://loinc.org"
_IN_24_HOURS = "41950-7"


def health_kit(statistics: Iterable[_Object]) -> list[DaySteps]:
    """Read statistics of HealthKit's HKStatisticsCollectionQuery (cumulativeSum, one day each).

    ``quantityType``, ``startDate``, ``endDate`` (ISO 8601 with an offset), ``sumQuantity`` with ``value`` and ``unit`` (``count``);
    those of a query for what was typed say ``wasUserEntered``, and are counted apart. The query for all includes them.
    Source: developer.apple.com/documentation/healthkit/hkstatistics, HKMetadataKeyWasUserEntered.
    """
    every, typed = _days(statistics, _statistic(typed=False)), _days(statistics, _statistic(typed=True))
    by_hand = {one.day: one.steps for one in typed}
    return [replace(one, steps=max(0, one.steps - by_hand.get(one.day, 0)), manual_steps=by_hand.get(one.day, 0)) for one in every]


def health_connect(aggregates: Iterable[_Object]) -> list[DaySteps]:
    """Read what Health Connect's aggregateGroupByPeriod returned: ``startTime``, ``endTime`` (local), ``result`` by metric.

    Source: developer.android.com/health-and-fitness/health-connect/aggregate-data.
    """

    def read(one: _Object) -> DaySteps | None:
        return _total(one["startTime"], one["endTime"], one["result"][_AGGREGATE])

    return _days(aggregates, read)


def open_mhealth(points: Iterable[_Object]) -> list[DaySteps]:
    """Read data points of Open mHealth's step-count 2.0 and 3.0 and of IEEE 1752.1's physical-activity, each about a whole day.

    Only a time interval says a day: one instant does not, and steps of a part of a day are no total.
    Source: openmhealth.org schemas omh:step-count and ieee:physical-activity.
    """

    def read(point: _Object) -> DaySteps | None:
        body = point["body"]
        counted = body.get("step_count") or body["base_movement_quantity"]
        value, unit = (counted["value"], counted["unit"]) if isinstance(counted, Mapping) else (counted, "steps")
        frame = body["effective_time_frame"]["time_interval"]
        if unit != "steps":
            return None
        typed = point.get("header", {}).get("modality") == "self-reported"
        found = _total(frame["start_date_time"], frame["end_date_time"], value)
        return replace(found, steps=0, manual_steps=found.steps) if found and typed else found

    return _days(points, read)


def fhir(observations: Iterable[_Object]) -> list[DaySteps]:
    """Read FHIR R4 Observations of LOINC 41950-7, steps measured in 24 hours; 55423-8 has no time in which it was counted.

    Source: hl7.org/fhir/us/physical-activity.
    """

    def read(one: _Object) -> DaySteps | None:
        codes = {(coding.get("system"), coding.get("code")) for coding in one["code"]["coding"]}
        quantity = one["valueQuantity"]
        counts = one["resourceType"] == "Observation" and one["status"] in ("final", "amended", "corrected")
        if not counts or (_LOINC, _IN_24_HOURS) not in codes or quantity.get("code") not in ("/d", "{steps}/d", "1/(24.h)"):
            return None
        return _whole(date.fromisoformat(one["effectiveDateTime"]), quantity["value"])

    return _days(observations, read)


def _days(objects: Iterable[_Object], read: Callable[[_Object], DaySteps | None]) -> list[DaySteps]:
    """Return one total a day, the last of those that were given."""
    return sorted({one.day: one for one in _read(objects, read)}.values(), key=lambda one: one.day)


def _read(objects: Iterable[_Object], read: Callable[[_Object], DaySteps | None]) -> Iterator[DaySteps]:
    for one in objects:
        try:
            found = read(one)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if found is not None:
            yield found


def _statistic(*, typed: bool) -> Callable[[_Object], DaySteps | None]:
    def read(one: _Object) -> DaySteps | None:
        quantity = one["sumQuantity"]
        if one["quantityType"] != _KIT or quantity["unit"] != "count" or bool(one.get("wasUserEntered")) != typed:
            return None
        return _total(one["startDate"], one["endDate"], quantity["value"])

    return read


def _total(start: str, end: str, value: Any) -> DaySteps | None:
    """Return the total of a day, over or not; None where the time does not begin with a day, or goes beyond it."""
    begins, ends = datetime.fromisoformat(start), datetime.fromisoformat(end)
    if begins.time() != time() or not timedelta() < ends - begins <= _LONGEST:
        return None
    return _whole(begins.date(), value)


def _whole(day: date, value: Any) -> DaySteps | None:
    steps = int(value)
    return DaySteps(day, steps) if steps == float(value) and 0 <= steps <= MOST_STEPS else None
