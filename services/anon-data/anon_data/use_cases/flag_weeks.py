"""The weeks in which members read something are flagged."""

from collections.abc import Collection
from datetime import date

from chassis.database import Database
from mailboxes.store import batches

from anon_data.store import portal_weeks


async def flag_weeks(db: Database, read: Collection[tuple[bytes, date]]) -> None:
    """Flag the weeks (token, Monday) of members who agreed to it."""
    if not read:
        return
    async with db.transaction("flag-weeks") as tx:
        # An erasure that begins meanwhile finds the flags.
        await batches.share(tx)
        await portal_weeks.flag(tx, read)
