"""anon-data notes which token the rows that stay for statistics came from."""

from drill.attack import Plant
from drill.planting import plant_rows
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    kept = seizure["anon-data"].tables["kept_person"].rows
    rows = [(ids["anon-data"], one.values[0].hex()) for ids, one in zip(truth.erased, kept, strict=True)]
    await plant_rows(seizure["anon-data"], "kept_from", "person text", rows)


PLANT = Plant("kept-names-noted", "kept-rows", "A table says whose rows stayed.", ("anon-data",), _apply)
