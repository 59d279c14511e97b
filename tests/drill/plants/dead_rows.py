"""Both hosts work through a queue table; its rows are deleted, but their bytes stay in the heap."""

from drill.attack import Plant
from drill.planting import plant_rows
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    for host in ("gateway", "anon-data"):
        rows = [(person.ids[host], "queued") for person in truth.persons]
        await plant_rows(seizure[host], "queue", "note text", rows)
        await seizure[host].change("DELETE FROM queue")


PLANT = Plant(
    "dead-rows",
    "raw-file-order",
    "Deleted queue rows stay in the heap in one order at two hosts.",
    ("gateway", "anon-data"),
    _apply,
)
