"""What anon-data is made of."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import mailboxes
import staff
import windows
from chassis import once
from chassis.app import App, Service
from chassis.config import ServiceConfig

from anon_data.code_table import KnownCodes
from anon_data.fhir.deps import PREFIX
from anon_data.fhir.outcomes import outcome
from anon_data.routes import checkups, fhir, fhir_export, imports, notes, statistics, vitals
from anon_data.store import people
from anon_data.store.fold import FOLD
from anon_data.store.holding import HOLDING

_HERE = Path(__file__).parent


@asynccontextmanager
async def _start(app: App[ServiceConfig]) -> AsyncIterator[Mapping[str, object]]:
    yield {**mailboxes.started(app, HOLDING, people.put), "known_codes": KnownCodes()}


SERVICE = Service(
    name="anon-data",
    title="anon-data",
    description="Health records by opaque token.",
    config_kind=ServiceConfig,
    routers=[
        windows.ROUTER,
        mailboxes.ROUTER,
        staff.ROUTER,
        imports.router,
        checkups.router,
        vitals.router,
        notes.router,
        statistics.router,
        fhir_export.router,
        fhir.router,
    ],
    migrations=[once.MIGRATIONS, windows.MIGRATIONS, mailboxes.MIGRATIONS, staff.MIGRATIONS, _HERE / "migrations"],
    grants=_HERE / "grants.sql",
    start=_start,
    fold=[*FOLD, *staff.FOLD],
    sealed_tables=[*mailboxes.SEALED_TABLES, "person"],
    purge=[windows.purge, mailboxes.purge, staff.purge],
    workers=[windows.ROTATION],
    coarse_logs=True,
    forms={PREFIX: outcome},
)
