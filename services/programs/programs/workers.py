"""What runs beside the requests: counting and news every second, snapshots when they are due, suppliers every five seconds."""

from chassis.clock import Clock
from chassis.database import Database
from chassis.service import Worker
from starlette.datastructures import State

from programs.use_cases.count_steps import count_changes
from programs.use_cases.listen import spread_news
from programs.use_cases.order_notices import tell_suppliers
from programs.use_cases.publish_rankings import publish_due


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


COUNTING = Worker("counting", 1.0, _count)
PUBLISHING = Worker("publishing", 5.0, _publish)
NEWS = Worker("ranking-news", 1.0, _tell, at_start=True)
TELLING = Worker("order-notices", 5.0, _tell_suppliers)
