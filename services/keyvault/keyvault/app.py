"""The keyvault as a service."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import authority
import windows
from authority import AuthorityConfig
from chassis import once
from chassis.app import App, Service

from keyvault.extras import Bundles
from keyvault.routes import bundles

_HERE = Path(__file__).parent


def start(app: App[AuthorityConfig]) -> AbstractAsyncContextManager[Mapping[str, object]]:
    """Build the state."""
    return authority.start(app, extras=Bundles())


SERVICE = Service(
    name="keyvault",
    config_kind=AuthorityConfig,
    routers=[*authority.routers(logout=True), bundles.router, windows.ROUTER],
    migrations=[once.MIGRATIONS, windows.MIGRATIONS, authority.MIGRATIONS, _HERE / "migrations"],
    grants=_HERE / "grants.sql",
    start=start,
    fold=authority.FOLD,
    emptied_tables=authority.EMPTIED_TABLES,
    sealed_tables=[*authority.SEALED_TABLES, "bundle"],
    purge=[windows.purge, authority.purge],
    workers=[windows.ROTATION, authority.SEQUENCER],
    commands=authority.COMMANDS,
    restoring=authority.restoring(Bundles()),
    checks=authority.CHECKS,
    description="Sealed bundles and one of three shares.",
)
