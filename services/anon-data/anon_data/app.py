"""What anon-data is made of."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import mailboxes
import staff
import windows
from chassis import once
from chassis.app import App, Service
from chassis.problems import Unavailable

from anon_data.analysts import Analysts
from anon_data.code_table import KnownCodes
from anon_data.config import AnonDataConfig
from anon_data.fhir.deps import PREFIX
from anon_data.fhir.outcomes import outcome
from anon_data.plan_shelf import PlanShelf
from anon_data.portal_use import FLAGGING, PortalUse
from anon_data.reports_command import REPORTS
from anon_data.routes import (
    analysis,
    checkups,
    cohorts,
    consents,
    exports,
    fhir,
    fhir_export,
    former_versions,
    guidance,
    guidance_tasks,
    household_views,
    imports,
    medical_claims,
    messages,
    notes,
    participation,
    plans,
    prices,
    saved_reports,
    screenings,
    statistics,
    vitals,
)
from anon_data.snapshot_command import SNAPSHOT
from anon_data.store import people
from anon_data.store.fold import EMPTIED_TABLES, FOLD
from anon_data.store.holding import HOLDING

_HERE = Path(__file__).parent


@asynccontextmanager
async def _start(app: App[AnonDataConfig]) -> AsyncIterator[Mapping[str, object]]:
    use = PortalUse(app.clock)
    yield {
        **mailboxes.started(app, HOLDING, people.put),
        "known_codes": KnownCodes(),
        "portal_use": use,
        "analysts": Analysts(app.config.snapshots),
        "plan_shelf": PlanShelf(app.config.plans),
    }
    with suppress(Unavailable):
        await use.flag(app.db)


SERVICE = Service(
    name="anon-data",
    title="anon-data",
    description="Health records by opaque token.",
    config_kind=AnonDataConfig,
    routers=[
        windows.ROUTER,
        mailboxes.ROUTER,
        staff.ROUTER,
        imports.router,
        checkups.router,
        former_versions.router,
        medical_claims.imports,
        medical_claims.router,
        guidance.imports,
        guidance.router,
        guidance_tasks.router,
        guidance_tasks.own,
        screenings.imports,
        screenings.router,
        prices.router,
        vitals.router,
        notes.router,
        statistics.router,
        analysis.router,
        saved_reports.router,
        cohorts.router,
        exports.router,
        plans.router,
        consents.router,
        participation.router,
        household_views.router,
        messages.router,
        fhir_export.router,
        fhir.router,
    ],
    migrations=[once.MIGRATIONS, windows.MIGRATIONS, mailboxes.MIGRATIONS, staff.MIGRATIONS, _HERE / "migrations"],
    grants=_HERE / "grants.sql",
    start=_start,
    fold=FOLD,
    emptied_tables=[*EMPTIED_TABLES, *staff.EMPTIED_TABLES],
    sealed_tables=[
        *mailboxes.SEALED_TABLES,
        "person",
        "consent",
        "household_view",
        "message_mark",
        "portal_week_inbox",
        "guidance_support",
        "analysis_key",
    ],
    restoring=mailboxes.restoring(HOLDING),
    purge=[windows.purge, mailboxes.purge, staff.purge],
    workers=[windows.ROTATION, FLAGGING],
    commands=[SNAPSHOT, REPORTS],
    coarse_logs=True,
    forms={PREFIX: outcome},
    own_bodies=[("POST", "/checkups")],
)
