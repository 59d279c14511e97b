"""The two kinds of process that exist five times: a host's service and its database."""

import signal
import sys
from pathlib import Path

from local import health, keys, postgres, spawn
from local.layout import HOSTS, Layout
from local.process import Process

_SERVICE_OFFSET = 1
_DATABASE_OFFSET = 11


def service(host: str) -> Process:
    """Describe the host's service, migrated before it starts; ready when its own readiness check says so."""
    offset = _SERVICE_OFFSET + HOSTS.index(host)
    module = [sys.executable, "-m", host.replace("-", "_")]

    def config(layout: Layout) -> list[str]:
        return ["--config", str(layout.host(host).config)]

    def command(layout: Layout) -> list[str]:
        return [*module, "serve", *config(layout)]

    async def migrate(layout: Layout) -> None:
        owner = ["--owner-url-file", str(layout.host(host).owner_url)]
        await spawn.run([*module, "migrate", *config(layout), *owner], what=f"migrating {host}", network=layout.network(host))

    return Process(
        name=host,
        port=offset,
        command=command,
        log=lambda layout: layout.host(host).logs / "service.log",
        ready=health.http(offset, "/health/ready", host),
        place=host,
        after=(f"postgres-{host}",),
        environment=lambda layout: keys.environment(layout, host),
        prepare=migrate,
    )


def cluster(host: str) -> Process:
    """Describe the host's PostgreSQL; ready when it asks for SCRAM. SIGINT is its fast shutdown."""
    offset = _DATABASE_OFFSET + HOSTS.index(host)

    async def prepare(layout: Layout) -> None:
        await postgres.prepare(layout.host(host))

    async def settle(layout: Layout) -> None:
        await postgres.settle(layout, layout.host(host))

    def folder(layout: Layout) -> Path:
        return layout.host(host).path

    return Process(
        name=f"postgres-{host}",
        port=offset,
        command=lambda layout: postgres.command(layout, layout.host(host)),
        log=lambda layout: layout.host(host).logs / "postgres.log",
        ready=health.postgres(offset, host),
        place=host,
        folder=folder,
        user=lambda layout: postgres.user(layout.host(host)),
        prepare=prepare,
        settle=settle,
        stop_signal=signal.SIGINT,
        orphan_signal=signal.SIGINT,
    )
