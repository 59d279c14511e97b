"""What is over ends: lots of points whose last day is past."""

from datetime import datetime

from chassis.database import Database

from programs.store import point_ledger

MEMBERS = 1000
"""Members of one transaction."""


async def expire_points(db: Database, now: datetime) -> None:
    """End the lots whose last day (UTC) is over, some members at a time."""
    ended = MEMBERS
    while ended == MEMBERS:
        async with db.transaction("expire-points") as tx:
            ended = await point_ledger.expire(tx, now.date(), MEMBERS)
