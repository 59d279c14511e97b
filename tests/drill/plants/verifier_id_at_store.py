"""anon-data keeps the id of the way in that a member used last, for the support desk."""

from drill.attack import Plant
from drill.planting import plant_rows
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    rows = [(person.ids["anon-data"], person.ways.named[0].hex()) for person in truth.persons]
    await plant_rows(seizure["anon-data"], "last_way", "verifier text", sorted(rows))


PLANT = Plant(
    "verifier-id-at-store", "key-search", "anon-data keeps the ids that verifiers have at the authorities.", ("anon-data",), _apply
)
