"""The night's proof that the running totals are right."""

from chassis.database import Database

from programs.store import contests, counting, recount
from programs.use_cases.count_steps import BATCH, count_batch


async def recount_contests(db: Database) -> tuple[int, int]:
    """Count everything anew; return how many contests that were, and how many days of teams differed and were put right."""
    async with db.transaction("recount") as tx:
        await counting.hold(tx)
        while await count_batch(tx) == BATCH:
            pass
        running = await contests.unfrozen(tx)
        differing = [await recount.repair(tx, one.id) for one in running]
    return len(running), sum(differing)
