"""What HealthKit and Health Connect measured, as values of days."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warifu import Measurement, health_connect, health_kit
from warifu.samples import of_days

DAY = date(2026, 4, 1)
KIT = "HKQuantityTypeIdentifier"


def kit(kind: str, value: float, unit: str, time: str = "2026-04-01T07:00:00+09:00", **more: Any) -> dict[str, Any]:
    return {"type": KIT + kind, "value": value, "unit": unit, "startDate": time, "endDate": time, **more}


def kit_sleep(value: int, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"type": "HKCategoryTypeIdentifierSleepAnalysis", "value": value, "startDate": start, "endDate": end, **more}


def connect(kind: str, time: str = "2026-03-31T22:00:00Z", **more: Any) -> dict[str, Any]:
    return {"recordType": kind, "time": time, "zoneOffset": "+09:00", **more}


def days(*measured: tuple[str, str, str]) -> list[Measurement]:
    return [Measurement(DAY, kind, Decimal(value), source) for kind, value, source in measured]  # type: ignore[arg-type]


def test_health_kit() -> None:
    """Units are converted, the last weight and the mean pressure count, a resting pulse before others, and so does who typed."""
    found = of_days(
        health_kit.samples(
            [
                kit("BodyMass", 143.3, "lb", "2026-04-01T21:00:00+09:00"),
                kit("BodyMass", 64, "kg"),
                kit("BloodPressureSystolic", 16.0, "kPa"),
                kit("BloodPressureSystolic", 131, "mmHg"),
                kit("BloodPressureDiastolic", 80, "mmHg"),
                kit("HeartRate", 110, "count/min"),
                kit("RestingHeartRate", 58, "count/min"),
                kit("BodyTemperature", 98.6, "degF", metadata={"HKWasUserEntered": True}),
                kit("StepCount", 8000, "count"),
            ]
        )
    )

    assert found == days(
        ("body-weight", "65.00", "device"),
        ("systolic", "126", "device"),
        ("diastolic", "80", "device"),
        ("pulse", "58", "device"),
        ("body-temperature", "37.00", "typed"),
    )


def test_health_connect() -> None:
    """Records carry their own offset: seven in the morning in Tokyo is still the day before in UTC."""
    found = of_days(
        health_connect.samples(
            [
                connect("WeightRecord", weight={"inPounds": 143.3, "inKilograms": 65.0}),
                connect("BloodPressureRecord", systolic={"inMillimetersOfMercury": 128}, diastolic={"inMillimetersOfMercury": 82}),
                connect("BodyTemperatureRecord", temperature={"inFahrenheit": 98.6}, metadata={"recordingMethod": 3}),
                {
                    "recordType": "HeartRateRecord",
                    "startZoneOffset": "+09:00",
                    "samples": [{"time": f"2026-04-01T0{hour}:00:00Z", "beatsPerMinute": 60 + hour} for hour in range(3)],
                },
            ]
        )
    )

    assert found == days(
        ("body-weight", "65.00", "device"),
        ("systolic", "128", "device"),
        ("diastolic", "82", "device"),
        ("pulse", "61", "device"),
        ("body-temperature", "37.00", "typed"),
    )


def test_a_night_is_of_the_day_on_which_one_wakes() -> None:
    """Stages add up across midnight, two devices' sleep counts once, waking and lying in bed do not."""
    found = of_days(
        health_kit.samples(
            [
                kit_sleep(0, "2026-03-31T22:30:00+09:00", "2026-04-01T06:30:00+09:00"),
                kit_sleep(3, "2026-03-31T23:00:00+09:00", "2026-03-31T23:50:00+09:00"),
                kit_sleep(2, "2026-03-31T23:50:00+09:00", "2026-04-01T00:10:00+09:00"),
                kit_sleep(4, "2026-04-01T00:10:00+09:00", "2026-04-01T06:00:00+09:00"),
                kit_sleep(1, "2026-04-01T01:00:00+09:00", "2026-04-01T06:10:00+09:00"),
            ]
        )
    )

    assert found == days(("sleep", "410", "device"))


def test_a_health_connect_session() -> None:
    """Awake stages do not count; a session without stages was slept through."""
    night = {"recordType": "SleepSessionRecord", "startTime": "2026-03-31T14:00:00Z", "endTime": "2026-03-31T21:00:00Z"}
    night["startZoneOffset"] = night["endZoneOffset"] = "+09:00"
    stages = [
        {"startTime": "2026-03-31T14:00:00Z", "endTime": "2026-03-31T15:00:00Z", "stage": 4},
        {"startTime": "2026-03-31T15:00:00Z", "endTime": "2026-03-31T15:30:00Z", "stage": 1},
    ]

    assert of_days(health_connect.samples([night])) == days(("sleep", "420", "device"))
    assert of_days(health_connect.samples([{**night, "stages": stages}])) == days(("sleep", "60", "device"))


@given(data=st.data())
def test_a_record_written_anew_counts_once(data: st.DataObject) -> None:
    """In whatever order versions come, the highest counts; records of another name stand beside it."""
    versions = [
        connect("WeightRecord", weight={"inKilograms": 60 + at}, metadata={"clientRecordId": "a", "clientRecordVersion": at})
        for at in range(4)
    ]
    synced = [kit("BodyMass", 60 + at, "kg", metadata={"HKSyncIdentifier": "a", "HKSyncVersion": at}) for at in range(4)]
    connected = of_days(health_connect.samples(data.draw(st.permutations(versions))))
    kitted = of_days(health_kit.samples(data.draw(st.permutations(synced))))

    assert connected == kitted == days(("body-weight", "63.00", "device"))


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"type": KIT + "BodyMass"},
        kit("BodyMass", 65, "mmHg"),
        kit("BodyMass", 65, "kg", time="2026-04-01T07:00:00"),
        kit("BodyMass", float("nan"), "kg"),
        kit("BodyMass", 5, "kg"),
        kit("BodyMass", 65, "kg", metadata="?"),
        connect("WeightRecord", weight={"inStones": 10}),
        connect("WeightRecord", weight=65),
        connect("WeightRecord"),
        connect("NutritionRecord"),
        {"recordType": "WeightRecord", "time": "2026-04-01T07:00:00", "weight": {"inKilograms": 65}},
        {"recordType": "SleepSessionRecord", "startTime": "x", "endTime": "y"},
    ],
)
def test_what_cannot_be_read_is_passed_over(broken: dict[str, Any]) -> None:
    """And what stands beside it is not."""
    good = [kit("BodyMass", 65, "kg"), connect("WeightRecord", weight={"inKilograms": 65})]
    found = [of_days(read([broken, *good])) for read in (health_kit.samples, health_connect.samples)]

    assert found == [days(("body-weight", "65.00", "device"))] * 2
