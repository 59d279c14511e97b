"""Records: the first version comes from the registrar."""

from authority.use_cases.enrolment import require_never_released, sorted_refs
from chassis.database import Database
from protocol.messages.enrolment import StoreRecords
from protocol.record import SEALED_BYTES
from windows import RowsRefused

from identity.store import records as store


async def store_first(db: Database, request: StoreRecords) -> None:
    """Store version 0 of a batch, in place of what is there, while nothing was released."""
    refs = sorted_refs(request.rows)
    if wrong := [index for index, row in enumerate(request.rows) if len(row.record) != SEALED_BYTES]:
        raise RowsRefused(rows=wrong)
    async with db.transaction("store-first-records") as tx:
        await require_never_released(tx, refs)
        await store.store_first(tx, {row.ref: row.record for row in request.rows})
