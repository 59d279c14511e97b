"""Both hosts store a sealed profile as long as it happens to be."""

from drill.attack import Plant
from drill.planting import plant_rows
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    for host in ("identity", "programs"):
        rows = [(person.ids[host], "x" * (100 + 7 * index)) for index, person in enumerate(truth.persons)]
        await plant_rows(seizure[host], "preference", "sealed text", sorted(rows))


PLANT = Plant("sealed-without-padding", "sizes", "Sealed values are as long as what is in them.", ("identity", "programs"), _apply)
