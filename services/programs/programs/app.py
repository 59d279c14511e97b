"""What programs is made of."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import mailboxes
import staff
import windows
from chassis import once
from chassis.app import App, Service

from programs import command_notices, notices
from programs.command_books import BOOKS
from programs.config import ProgramsConfig
from programs.live import Live
from programs.recount import NIGHTS, RECOUNT
from programs.routes import challenges, contests, exchange, manage, orders, point_office, points, rankings, rosters, steps
from programs.store import order_tables, point_tables
from programs.store.fold import EMPTIED_TABLES, FOLD, SEALED_TABLES
from programs.store.holding import HOLDING
from programs.use_cases.expire_points import expire_points
from programs.use_cases.move_order import expire_orders
from programs.use_cases.past_contests import forget_days
from programs.workers import COUNTING, NEWS, PUBLISHING, RECOUNTING, TELLING

_HERE = Path(__file__).parent


@asynccontextmanager
async def _start(app: App[ProgramsConfig]) -> AsyncIterator[Mapping[str, object]]:
    # No attributes of a person are kept here, so a mailbox that brings them is refused.
    async with notices.opened(app.config.notices) as told:
        yield {**mailboxes.started(app, HOLDING), "live": Live(), "notices": told}


SERVICE = Service(
    name="programs",
    title="programs",
    description="Steps and walking contests by opaque token.",
    config_kind=ProgramsConfig,
    routers=[
        windows.ROUTER,
        mailboxes.ROUTER,
        staff.ROUTER,
        steps.router,
        rosters.router,
        contests.router,
        rankings.router,
        challenges.router,
        manage.router,
        points.router,
        point_office.router,
        exchange.router,
        orders.router,
    ],
    migrations=[once.MIGRATIONS, windows.MIGRATIONS, mailboxes.MIGRATIONS, staff.MIGRATIONS, _HERE / "migrations"],
    grants=_HERE / "grants.sql",
    start=_start,
    fold=FOLD,
    emptied_tables=[*EMPTIED_TABLES, *staff.EMPTIED_TABLES],
    sealed_tables=[*mailboxes.SEALED_TABLES, *SEALED_TABLES, *point_tables.SEALED, *order_tables.SEALED],
    commands=[RECOUNT, NIGHTS, BOOKS, *command_notices.COMMANDS],
    restoring=mailboxes.restoring(HOLDING, "order_notice"),
    purge=[windows.purge, mailboxes.purge, staff.purge, forget_days, expire_orders, expire_points],
    workers=[windows.ROTATION, COUNTING, PUBLISHING, RECOUNTING, NEWS, TELLING],
    coarse_logs=True,
)
