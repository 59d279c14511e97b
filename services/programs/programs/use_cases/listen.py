"""A member's page listens for new rankings."""

from collections.abc import AsyncIterator

from chassis.database import Database
from mailboxes.readers import Reader

from programs.live import Live
from programs.store import rankings


async def listen(db: Database, live: Live, reader: Reader, contest: bytes, told: int) -> AsyncIterator[str]:
    """Return the stream of a contest for a member whose key reads, and who knows the generation ``told`` already.

    The connection goes back before the stream begins.
    """
    async with db.statements("listen") as tx:
        await reader.for_reading(tx)
    return live.listen(contest, told)


async def spread_news(db: Database, live: Live) -> None:
    """Tell the listeners of this process what any process has published."""
    async with db.statements("ranking-news") as tx:
        newest = dict(await rankings.every_newest(tx))
    await live.tell(newest)
