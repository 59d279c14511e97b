"""Forget what is over: nothing that says when a member came outlives a day."""

from datetime import UTC, datetime

from chassis.database import Database

from authority.store import code_tries, log_checkpoints, releases, sessions


async def purge(db: Database, now: datetime) -> None:
    """Delete used evidence, counters of other days, and sessions whose time is over."""
    seconds, today = int(now.timestamp()), now.astimezone(UTC).date()
    async with db.transaction("purge-authority") as tx:
        await releases.delete_expired(tx, seconds, today)
        await code_tries.purge(tx, today)
        await sessions.delete_expired(tx, seconds)
        await log_checkpoints.purge(tx)
