"""A device reads what its member's health guidance came to."""

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.guidance import Guidance, GuidanceReports

from anon_data.store import guidance
from anon_data.use_cases.store_guidance import LEVELS


async def read_guidance(db: Database, reader: Reader) -> GuidanceReports:
    """Return all reports, the newest first."""
    async with db.statements("read-guidance") as tx:
        rows = await guidance.of_token(tx, await reader.for_reading(tx))
    return GuidanceReports(
        reports=tuple(
            Guidance.model_construct(
                day=row["day"],
                stage=str(row["stage"]),
                level=LEVELS[row["level"] - 1] if row["level"] else None,
                details=row["details"],
            )
            for row in rows
        )
    )
