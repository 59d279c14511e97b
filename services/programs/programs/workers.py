"""What runs beside the requests: counting and news every second, snapshots when due, suppliers told, a recount each night."""

import structlog
from chassis.clock import Clock
from chassis.database import Database
from chassis.service import Worker
from starlette.datastructures import State

from programs.use_cases.count_steps import count_changes
from programs.use_cases.listen import spread_news
from programs.use_cases.order_notices import tell_suppliers
from programs.use_cases.publish_rankings import publish_due
from programs.use_cases.recount import recount_tonight

_log = structlog.get_logger("programs.workers")


async def _count(state: State) -> None:
    db: Database = state.db
    await count_changes(db)


async def _publish(state: State) -> None:
    db: Database = state.db
    clock: Clock = state.clock
    await publish_due(db, clock.now())


async def _tell(state: State) -> None:
    db: Database = state.db
    await spread_news(db, state.live)


async def _tell_suppliers(state: State) -> None:
    await tell_suppliers(state.db, state.deployed, state.notices, state.clock)


async def _recount(state: State) -> None:
    clock: Clock = state.clock
    found = await recount_tonight(state.db, clock.now())
    if found is not None:
        say = _log.info if found.agrees else _log.error
        say("recounted", contests=found.contests, team_days=found.team_days, entries=found.entries)


COUNTING = Worker("counting", 1.0, _count)
PUBLISHING = Worker("publishing", 5.0, _publish)
RECOUNTING = Worker("recount", 600.0, _recount)
NEWS = Worker("ranking-news", 1.0, _tell, at_start=True)
TELLING = Worker("order-notices", 5.0, _tell_suppliers)
