"""Records of Android's Health Connect, as an app hands them over: JSON objects, with the names of the record classes' fields.

``recordType`` (``WeightRecord``), ``time`` with ``zoneOffset``, or ``startTime``, ``endTime`` with ``startZoneOffset``,
``endZoneOffset`` (times in ISO 8601, offsets such as ``+09:00``); quantities as objects of one unit (``{"inPounds": 143}``);
``metadata`` with ``id``, ``clientRecordId``, ``clientRecordVersion``, ``recordingMethod``.

A record that was written anew has the same ``clientRecordId`` and a higher ``clientRecordVersion``; the highest counts.
Source: developer.android.com/reference/androidx/health/connect/client/records.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from protocol.vitals import VITALS, VitalKind, VitalSource

from .samples import Sample, newest
from .units import UNITS, Unit, UnitUnknown, converted

_Object = Mapping[str, Any]
_Reader = Callable[[_Object], Iterator[Sample]]
_FIELDS = {
    "inKilograms": "kg",
    "inGrams": "g",
    "inPounds": "lb",
    "inOunces": "oz",
    "inMillimetersOfMercury": "mmHg",
    "inCelsius": "degC",
    "inFahrenheit": "degF",
}
_MANUAL_ENTRY = 3
_ASLEEP = 2
_AWAKE = frozenset({1, 3, 7})
"""Of ``SleepSessionRecord``: awake, out of bed, awake in bed."""


def samples(records: Iterable[_Object]) -> Iterator[Sample]:
    """Yield what is a vital here; other records, units that do not fit and what cannot be read are passed over."""
    for record in newest(records, _named):
        try:
            yield from list(_READERS[record["recordType"]](record))
        except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError):
            continue


def _named(record: _Object) -> tuple[Hashable, int]:
    about = record.get("metadata") or {}
    name = about.get("clientRecordId", about.get("id"))
    return (record["recordType"], id(record) if name is None else str(name)), int(about.get("clientRecordVersion", 0))


def _instant(*fields: tuple[str, VitalKind]) -> _Reader:
    def read(record: _Object) -> Iterator[Sample]:
        moment = _local(record["time"], record.get("zoneOffset"))
        for field, kind in fields:
            yield Sample(kind, moment, moment, _quantity(record[field], kind), _source(record))

    return read


def _resting(record: _Object) -> Iterator[Sample]:
    moment = _local(record["time"], record.get("zoneOffset"))
    yield Sample(
        "pulse", moment, moment, converted(Decimal(str(record["beatsPerMinute"])), "bpm", "pulse"), _source(record), best=True
    )


def _heart_rate(record: _Object) -> Iterator[Sample]:
    for beat in record["samples"]:
        moment = _local(beat["time"], record.get("startZoneOffset"))
        yield Sample("pulse", moment, moment, converted(Decimal(str(beat["beatsPerMinute"])), "bpm", "pulse"), _source(record))


def _sleep(record: _Object) -> Iterator[Sample]:
    """Yield the stretches asleep; a session without stages was slept through."""
    offset = record.get("endZoneOffset", record.get("startZoneOffset"))
    for stage in record.get("stages") or [{**record, "stage": _ASLEEP}]:
        if stage["stage"] not in _AWAKE:
            start, end = _local(stage["startTime"], offset), _local(stage["endTime"], offset)
            yield Sample("sleep", start, end, Decimal(0), _source(record))


_READERS: Mapping[str, _Reader] = {
    "WeightRecord": _instant(("weight", "body-weight")),
    "BloodPressureRecord": _instant(("systolic", "systolic"), ("diastolic", "diastolic")),
    "BodyTemperatureRecord": _instant(("temperature", "body-temperature")),
    "RestingHeartRateRecord": _resting,
    "HeartRateRecord": _heart_rate,
    "SleepSessionRecord": _sleep,
}


def _quantity(said: Mapping[str, Any], kind: VitalKind) -> Decimal:
    """Read an object that says the same in one unit or in several; one that needs no conversion is preferred."""
    units = [(_FIELDS[name], Decimal(str(value))) for name, value in said.items() if name in _FIELDS]
    if not units:
        raise UnitUnknown("no unit of this kind")
    unit, value = min(units, key=lambda one: UNITS[one[0]] != Unit(VITALS[kind].unit))
    return converted(value, unit, kind)


def _source(record: _Object) -> VitalSource:
    return "typed" if (record.get("metadata") or {}).get("recordingMethod") == _MANUAL_ENTRY else "device"


def _local(text: str, offset: str | None) -> datetime:
    """Read a time with the offset of the place; one that has an offset of its own and no other stays as it is."""
    moment = datetime.fromisoformat(text)
    if offset is not None:
        zone = datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    if moment.tzinfo is None:
        raise ValueError("a time without an offset says no day")
    return moment
