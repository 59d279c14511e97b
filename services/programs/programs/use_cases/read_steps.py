"""A device reads day totals."""

from datetime import date

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.steps import StepDays

from programs.store import steps


async def read_steps(db: Database, reader: Reader, since: date, until: date) -> StepDays:
    """Return one total a day; what was written a moment ago is there."""
    async with db.statements("read-steps") as tx:
        token = await reader.for_reading(tx)
        return StepDays.model_construct(items=await steps.totals(tx, token, since, until))
