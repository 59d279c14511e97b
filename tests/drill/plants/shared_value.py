"""A support id, the same at both hosts."""

import hashlib

from drill.attack import Plant
from drill.planting import plant_rows
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    for host in ("keyvault", "anon-data"):
        rows = [(person.ids[host], hashlib.sha256(person.number.x).hexdigest()[:16]) for person in truth.persons]
        await plant_rows(seizure[host], "support", "support_id text", sorted(rows))


PLANT = Plant(
    "shared-value", "value-equality", "Both hosts keep one support id for each member.", ("keyvault", "anon-data"), _apply
)
