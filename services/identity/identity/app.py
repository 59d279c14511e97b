"""Identity as a service."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import authority
import windows
from authority import AuthorityConfig
from chassis import once
from chassis.app import App, Service

from identity.extras import Records
from identity.routes import profiles, records, search

_HERE = Path(__file__).parent


def start(app: App[AuthorityConfig]) -> AbstractAsyncContextManager[Mapping[str, object]]:
    """Build the state."""
    return authority.start(app, extras=Records())


SERVICE = Service(
    name="identity",
    config_kind=AuthorityConfig,
    routers=[*authority.routers(logout=True), records.router, profiles.router, search.router, windows.ROUTER],
    migrations=[once.MIGRATIONS, windows.MIGRATIONS, authority.MIGRATIONS, _HERE / "migrations"],
    grants=_HERE / "grants.sql",
    start=start,
    fold=authority.FOLD,
    emptied_tables=authority.EMPTIED_TABLES,
    sealed_tables=[*authority.SEALED_TABLES, "record", "profile_wish", "profile_update", "search_tag", "record_opening"],
    purge=[windows.purge, authority.purge],
    workers=[windows.ROTATION, authority.SEQUENCER],
    commands=authority.COMMANDS,
    restoring=authority.restoring(Records()),
    checks=authority.CHECKS,
    description="Personal data as ciphertext and one of three shares.",
)
