"""Members read what was published."""

from datetime import datetime

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.rankings import AskRanking

from programs.days import today
from programs.errors import RankingUnknown
from programs.store import rankings

_NO_TEAM = '"own":null,"participation":null'


async def read_own_ranking(db: Database, reader: Reader, contest: bytes, now: datetime) -> str:
    """Return the own team's place and the first page of its league: an OwnRanking as JSON."""
    day = today(now)
    async with db.statements("read-own-ranking") as tx:
        found = await rankings.admit_and_read(tx, reader.signed, contest, day)
        if found is None:
            found = await rankings.read(tx, await reader.otherwise(tx), contest, day)
    return f'{{{found.own or _NO_TEAM},"page":{found.page or "null"}}}'


async def read_ranking(db: Database, reader: Reader, asked: AskRanking) -> str:
    """Return one page of one league: a RankingPage as JSON."""
    async with db.statements("read-ranking") as tx:
        await reader.for_reading(tx)
        found = await rankings.page(tx, asked.contest, asked.league, asked.page)
    if found is None:
        raise RankingUnknown
    return found
