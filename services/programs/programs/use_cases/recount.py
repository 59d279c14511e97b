"""The night's proof that the running totals are right. It repairs nothing by itself: whoever repairs wants to know why first."""

from collections.abc import Sequence
from datetime import date, datetime

from chassis.database import Database, Transaction

from programs.days import JAPAN, today
from programs.store import contests, counting, recount
from programs.store.recount import Recounted
from programs.use_cases.count_steps import BATCH, count_batch

NIGHT_HOUR = 3
"""In Japan: from then on the day's recount is due."""
SHOWN_NIGHTS = 14


async def recount_contests(db: Database, *, repair: bool = False) -> Recounted:
    """Count everything anew and compare; ``repair`` puts right what differs."""
    async with db.transaction("recount") as tx:
        await counting.hold(tx)
        return await _recounted(tx, repair=repair)


async def recount_tonight(db: Database, now: datetime) -> Recounted | None:
    """Do so once a night, whichever process comes first, and keep what was found; None where it is done or not due."""
    day = today(now)
    if now.astimezone(JAPAN).hour < NIGHT_HOUR or await _done(db, day):
        return None
    async with db.transaction("recount-tonight") as tx:
        await counting.hold(tx)
        if await _is_noted(tx, day):
            return None
        found = await _recounted(tx, repair=False)
        await recount.note(tx, day, found)
    return found


async def read_nights(db: Database) -> Sequence[tuple[date, Recounted]]:
    """Return what the last nights found, the latest first."""
    async with db.statements("recount-nights") as tx:
        return await recount.nights(tx, SHOWN_NIGHTS)


async def _done(db: Database, day: date) -> bool:
    async with db.statements("recount-done") as tx:
        return await _is_noted(tx, day)


async def _is_noted(tx: Transaction, day: date) -> bool:
    return any(noted >= day for noted, _ in await recount.nights(tx, 1))


async def _recounted(tx: Transaction, *, repair: bool) -> Recounted:
    while await count_batch(tx) == BATCH:
        pass
    running = await contests.unfrozen(tx)
    return await recount.compared(tx, [one.id for one in running], repair=repair)
