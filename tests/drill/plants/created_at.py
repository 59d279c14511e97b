"""Somebody added the customary created_at to a table of each host."""

from datetime import UTC, datetime, timedelta

from drill.attack import Plant
from drill.planting import plant_rows
from drill.seizure import Seizure
from drill.truth import Truth

_START = datetime(2026, 1, 5, 9, tzinfo=UTC)


async def _apply(seizure: Seizure, truth: Truth) -> None:
    for host in ("keyvault", "anon-data"):
        rows = [
            (person.ids[host], (_START + timedelta(seconds=7 * index)).isoformat()) for index, person in enumerate(truth.persons)
        ]
        await plant_rows(seizure[host], "preference", "created_at timestamptz", sorted(rows))


PLANT = Plant("created-at", "day-patterns", "Both hosts note when a row was made.", ("keyvault", "anon-data"), _apply)
