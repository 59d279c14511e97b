"""Day totals of steps as HealthKit, Health Connect, Open mHealth, IEEE 1752.1 and FHIR hand them over."""

from datetime import date
from typing import Any

import pytest
from protocol.jose import generate_p256
from rooms.sdk.model.world import World
from warifu import InputRefused, Installation, step_days
from warifu.measurements import DaySteps

DAY = date(2026, 11, 20)


def _statistic(value: Any, start: str = "2026-11-20T00:00:00+09:00", **more: Any) -> dict[str, Any]:
    return {
        "quantityType": "HKQuantityTypeIdentifierStepCount",
        "startDate": start,
        "endDate": start.replace("11-20", "11-21"),
        "sumQuantity": {"value": value, "unit": "count"},
        **more,
    }


def test_health_kit() -> None:
    """Statistics, not samples: typed steps are taken out of the total and stand apart; the day is the device's own."""
    found = step_days.health_kit(
        [
            _statistic(8123.0),
            _statistic(1000, wasUserEntered=True),
            _statistic(500, "2026-11-18T00:00:00-10:00", endDate="2026-11-18T09:30:00-10:00"),
            # A sample of five minutes, a distance, and what is no number.
            _statistic(90, "2026-11-20T12:00:00+09:00"),
            {**_statistic(5), "quantityType": "HKQuantityTypeIdentifierDistanceWalkingRunning"},
            _statistic("many", "2026-11-17T00:00:00+09:00"),
        ]
    )

    assert found == [DaySteps(date(2026, 11, 18), 500), DaySteps(DAY, 7123, 1000)]


def test_health_kit_at_its_edges() -> None:
    """A day of 25 hours is a day, nothing is none; more typed than counted is no debt; days come in order, the last said counts."""
    autumn = {"startDate": "2026-11-01T00:00:00-04:00", "endDate": "2026-11-02T00:00:00-05:00"}
    midnight, noon = "2026-11-16T00:00:00+09:00", "2026-11-14T12:00:00+09:00"
    unreadable: list[Any] = [None, [], {**_statistic(7), "sumQuantity": None}]
    found = step_days.health_kit(
        [
            *unreadable,
            _statistic(300),
            _statistic(9000, **autumn),
            _statistic(800),
            _statistic(450, wasUserEntered=True),
            _statistic(9100, wasUserEntered=True, **autumn),
            _statistic(5, midnight, endDate=midnight),
            {**_statistic(6, "2026-11-14T00:00:00+09:00", endDate=noon), "sumQuantity": {"value": 6, "unit": "km"}},
            _statistic(-1, "2026-11-14T00:00:00+09:00", endDate=noon),
        ]
    )

    assert found == [DaySteps(date(2026, 11, 1), 0, 9100), DaySteps(DAY, 350, 450)]


def test_health_connect() -> None:
    """Aggregates by day; a period of two days, and other metrics, are passed over."""
    day = {"startTime": "2026-11-20T00:00:00", "endTime": "2026-11-21T00:00:00"}
    found = step_days.health_connect(
        [
            {**day, "result": {"STEPS_COUNT_TOTAL": 6000}},
            {**day, "endTime": "2026-11-22T00:00:00", "result": {"STEPS_COUNT_TOTAL": 9000}},
            {**day, "result": {"DISTANCE_TOTAL": 4000}},
        ]
    )

    assert found == [DaySteps(DAY, 6000)]


def _point(body: dict[str, Any], frame: dict[str, Any] | None = None, modality: str = "sensed") -> dict[str, Any]:
    interval = {"start_date_time": "2026-11-20T00:00:00+09:00", "end_date_time": "2026-11-21T00:00:00+09:00"}
    return {"header": {"modality": modality}, "body": {**body, "effective_time_frame": frame or {"time_interval": interval}}}


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        (_point({"step_count": {"value": 6123, "unit": "steps"}}), [DaySteps(DAY, 6123)]),
        (_point({"step_count": 6123}), [DaySteps(DAY, 6123)]),
        (_point({"base_movement_quantity": {"value": 6123, "unit": "steps"}, "activity_name": "walking"}), [DaySteps(DAY, 6123)]),
        (_point({"step_count": {"value": 61, "unit": "steps"}}, modality="self-reported"), [DaySteps(DAY, 0, 61)]),
        (_point({"step_count": {"value": 6123, "unit": "steps"}}, {"date_time": "2026-11-20T00:00:00+09:00"}), []),
        (_point({"base_movement_quantity": {"value": 6, "unit": "km"}}), []),
        (_point({"step_count": {"value": 200_001, "unit": "steps"}}), []),
        (_point({"step_count": {"value": 0.5, "unit": "steps"}}), []),
    ],
)
def test_open_mhealth(point: dict[str, Any], expected: list[DaySteps]) -> None:
    """Step counts of a whole day alone; an instant says no day."""
    assert step_days.open_mhealth([point]) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [DaySteps(date(2022, 6, 8), 7267)]),
        ({"code": {"coding": [{"system": "http://loinc.org", "code": "55423-8"}]}}, []),
        ({"status": "entered-in-error"}, []),
        ({"status": "preliminary"}, []),
        ({"status": "corrected"}, [DaySteps(date(2022, 6, 8), 7267)]),
        ({"resourceType": "Basic"}, []),
        ({"code": {"coding": [{"system": "http://example.test", "code": "41950-7"}]}}, []),
        ({"valueQuantity": {"value": 7267, "code": "{steps}/d"}}, [DaySteps(date(2022, 6, 8), 7267)]),
        ({"valueQuantity": {"value": -1, "code": "/d"}}, []),
        ({"effectiveDateTime": "2022-06"}, []),
        ({"valueQuantity": {"value": 7267, "code": "/min"}}, []),
    ],
)
def test_fhir(change: dict[str, Any], expected: list[DaySteps]) -> None:
    """The Observation of HL7's physical activity guide, and what is not one."""
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "41950-7"}]},
        "effectiveDateTime": "2022-06-08",
        "valueQuantity": {"value": 7267, "unit": "/d", "code": "/d", "system": "http://unitsofmeasure.org"},
        **change,
    }

    assert step_days.fhir([observation]) == expected


async def test_an_installation_with_nothing_to_write(world: World) -> None:
    """It asks nobody, and counts on from where it was."""
    kept = Installation(bytes(16), bytes(32), generate_p256(), 7)
    async with world.http() as http:
        with pytest.raises(InputRefused) as caught:
            await kept.put_steps(world.deployment, [], http=http)

    assert (caught.value.fault, kept.count, world.faults.log) == ("steps", 7, [])
