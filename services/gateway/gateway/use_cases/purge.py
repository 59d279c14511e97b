"""Sessions that are over end as if signed out, and what nobody needs any more goes; nothing of a sign-in outlives a day."""

from datetime import datetime

from chassis.database import Database

from gateway.audit import audit
from gateway.context import Gateway
from gateway.store import attempts, browsers, group_sessions, outbox, sessions
from gateway.use_cases.end_session import finish

BATCH = 100
"""Sessions ended in one transaction."""


async def purge(db: Database, gateway: Gateway, now: datetime) -> None:
    """End sessions that have expired or were idle for too long, and delete expired attempts and logouts."""
    while True:
        async with db.transaction("end-over-sessions") as tx:
            over = await sessions.end_over(tx, now, BATCH)
            for session in over:
                await finish(tx, gateway, session, now)
        if over:
            audit("sessions_over", sessions=len(over))
        if len(over) < BATCH:
            break
    async with db.transaction("purge-sign-ins") as tx:
        await attempts.purge(tx, now)
        await browsers.purge(tx, now)
        await group_sessions.purge(tx)
        await outbox.purge(tx, now)
