"""A device reads what its member measured at home."""

from datetime import date

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.records import Vitals

from anon_data.store import vitals


async def read_vitals(db: Database, reader: Reader, since: date, until: date) -> Vitals:
    """Return one value for a day and kind; what was written a moment ago is there, what was deleted is not."""
    async with db.statements("read-vitals") as tx:
        token = await reader.for_reading(tx)
        return await vitals.between(tx, token, since, until)
