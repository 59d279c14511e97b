"""The queue of changed days is counted: every second, by whichever process comes first."""

from chassis.database import Database, Transaction

from programs.store import changes, counting

BATCH = 4_000
"""Days of members in one transaction: it ends soon, and one that is killed has counted nothing of it."""


async def count_changes(db: Database) -> int:
    """Count what has changed, and return how many days of members that were."""
    done = 0
    while True:
        async with db.transaction("count-changes") as tx:
            counted = await count_batch(tx)
        done += counted
        if counted < BATCH:
            return done


async def count_batch(tx: Transaction) -> int:
    """Count the changes of one batch within the caller's transaction; nobody else counts until it ends."""
    await counting.hold(tx)
    taken = await changes.take(tx, BATCH)
    if taken:
        await counting.count(tx, taken)
    return len(taken)
