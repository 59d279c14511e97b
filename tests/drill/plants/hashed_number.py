"""anon-data keeps a plain hash of the member number, to find duplicates."""

import hashlib

from drill.attack import Plant
from drill.planting import plant_rows
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    rows = [(person.ids["anon-data"], hashlib.sha256(person.number.x).hexdigest()) for person in truth.persons]
    await plant_rows(seizure["anon-data"], "duplicates", "number_hash text", sorted(rows))


PLANT = Plant("hashed-number", "dictionary", "anon-data keeps SHA-256 of the member number.", ("anon-data",), _apply)
