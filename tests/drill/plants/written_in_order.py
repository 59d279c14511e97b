"""Both hosts keep an audit table that is written in the order of the insurer's file, and never sealed."""

from drill.attack import Plant
from drill.planting import plant_rows
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    for host in ("identity", "anon-data"):
        rows = [(person.ids[host], "seen") for person in truth.persons]
        await plant_rows(seizure[host], "audit", "note text", rows)


PLANT = Plant(
    "written-in-order", "heap-order", "Audit tables are written in one order at two hosts.", ("identity", "anon-data"), _apply
)
