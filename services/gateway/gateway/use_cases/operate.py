"""What an operator asks and does about everybody's sessions."""

from datetime import datetime

from chassis.database import Database

from gateway.audit import audit
from gateway.context import Gateway
from gateway.store import attempts, browsers, sessions
from gateway.use_cases.end_session import finish

BATCH = 100
"""Sessions ended in one transaction."""


async def count_sessions(db: Database) -> dict[str, int]:
    """Return how many sessions each application has."""
    async with db.transaction("count-sessions", readonly=True) as tx:
        return await sessions.count(tx)


async def end_sessions(db: Database, gateway: Gateway, now: datetime) -> int:
    """Sign everybody out, and return how many sessions ended; the others are told by the running gateway."""
    ended = 0
    async with db.transaction("end-all-browsers") as tx:
        await browsers.end_all(tx)
        await attempts.delete_unfinished(tx)
    while True:
        async with db.transaction("end-any-sessions") as tx:
            batch = await sessions.end_any(tx, BATCH)
            for session in batch:
                await finish(tx, gateway, session, now)
        ended += len(batch)
        if len(batch) < BATCH:
            audit("sessions_ended_by_operator", sessions=ended)
            return ended
