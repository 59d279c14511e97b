"""Contests that are long over keep their results, and nothing of a member's days."""

from datetime import datetime, timedelta

from chassis.database import Database

from programs.days import today
from programs.store import counting, past

KEPT_DAYS = 35
"""After the end a result may still be corrected, and whoever corrects it may look at what was held."""


async def forget_days(db: Database, now: datetime) -> None:
    """Forget the days of members in contests that ended so long ago."""
    async with db.transaction("forget-contest-days") as tx:
        await counting.hold(tx)
        await past.forget_days(tx, today(now) - timedelta(days=KEPT_DAYS))
