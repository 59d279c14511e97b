"""Forget what is over: nothing that says when a member came outlives a day."""

from datetime import UTC, datetime

from chassis.database import Database

from authority.store import releases, sessions


async def purge(db: Database, now: datetime) -> None:
    """Delete used evidence, counters of other days, and sessions whose time is over."""
    seconds = int(now.timestamp())
    async with db.transaction("purge-authority") as tx:
        await releases.delete_expired(tx, seconds, now.astimezone(UTC).date())
        await sessions.delete_expired(tx, seconds)
