"""``python -m programs recount``: run every night; it exits non-zero where a running total was wrong."""

from chassis.app import open_database
from chassis.config import ConfigError, ServiceConfig
from chassis.service import Command

from programs.use_cases.recount import recount_contests


async def _recount(config: ServiceConfig) -> str:
    db = await open_database(config)
    try:
        contests, differing = await recount_contests(db)
    finally:
        await db.close()
    if differing:
        raise ConfigError(f"{differing} days of teams differed from what their members walked, and were put right")
    return f"{contests} running contests counted anew; nothing differed"


RECOUNT = Command("recount", "count every running contest anew and compare", _recount)
