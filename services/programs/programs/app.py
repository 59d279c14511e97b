"""What programs is made of."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import mailboxes
import staff
import windows
from chassis import once
from chassis.app import App, Service
from chassis.config import ServiceConfig

from programs.command_books import BOOKS
from programs.routes import point_office, points, steps
from programs.store import point_tables
from programs.store.fold import FOLD
from programs.store.holding import HOLDING
from programs.use_cases.expire_points import expire_points

_HERE = Path(__file__).parent


@asynccontextmanager
async def _start(app: App[ServiceConfig]) -> AsyncIterator[Mapping[str, object]]:
    # No attributes of a person are kept here, so a mailbox that brings them is refused.
    yield mailboxes.started(app, HOLDING)


SERVICE = Service(
    name="programs",
    title="programs",
    description="Steps by opaque token.",
    config_kind=ServiceConfig,
    routers=[windows.ROUTER, mailboxes.ROUTER, staff.ROUTER, steps.router, points.router, point_office.router],
    migrations=[once.MIGRATIONS, windows.MIGRATIONS, mailboxes.MIGRATIONS, staff.MIGRATIONS, _HERE / "migrations"],
    grants=_HERE / "grants.sql",
    start=_start,
    fold=[*FOLD, *staff.FOLD],
    sealed_tables=[*mailboxes.SEALED_TABLES, *point_tables.SEALED],
    purge=[windows.purge, mailboxes.purge, staff.purge, expire_points],
    workers=[windows.ROTATION],
    commands=[BOOKS],
    coarse_logs=True,
)
