"""Backups of a local deployment's hosts, and a host made anew from one: each by the host's own commands, under its owner role."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from local import spawn
from local.errors import StepFailed
from local.kinds import cluster
from local.layout import HOSTS, HostFolder, Layout
from local.supervisor import Supervisor


async def backup(layout: Layout, host: str, path: Path) -> str:
    """Back one host up to a file, whether it is running or not, and return what it reported."""
    async with _database(layout, host):
        return await _run(layout.host(host), "backup", "--output", str(path))


async def backup_all(layout: Layout, folder: Path) -> list[str]:
    """Back every host up into a folder. On real hosts each has a folder of its own, which no other host sees."""
    await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
    return [await backup(layout, host, folder / f"{host}.backup") for host in HOSTS]


async def restore(layout: Layout, host: str, path: Path) -> list[str]:
    """Make one stopped host's database anew from a backup, forget whom it erased since, and return what was reported."""
    folder = layout.host(host)
    if await _serves(layout, host):
        raise StepFailed(f"the database of {host} is running: stop the deployment first")
    before = folder.cluster.with_name("postgres.before")
    if before.exists():
        raise StepFailed(f"{before} is in the way: it holds the database from before an earlier restore that failed")
    if folder.cluster.exists():
        folder.cluster.rename(before)
    key = ["--input", str(path), "--key-file", str(layout.restore_key(host))]
    try:
        async with _database(layout, host):
            said = [await _run(folder, "migrate"), await _run(folder, "restore", *key), await _run(folder, "replay")]
    except BaseException:
        shutil.rmtree(folder.cluster, ignore_errors=True)
        if before.exists():
            before.rename(folder.cluster)
        raise
    shutil.rmtree(before, ignore_errors=True)
    return said


async def _serves(layout: Layout, host: str) -> bool:
    return await cluster(host).ready(layout)


@asynccontextmanager
async def _database(layout: Layout, host: str) -> AsyncIterator[None]:
    """Run the host's database while the block lasts, unless it runs already."""
    if await _serves(layout, host):
        yield
        return
    supervisor = Supervisor([cluster(host)], layout)
    await supervisor.start()
    try:
        yield
    finally:
        await supervisor.stop()


async def _run(folder: HostFolder, command: str, *arguments: str) -> str:
    module = [sys.executable, "-m", folder.name.replace("-", "_"), command]
    paths = ["--config", str(folder.config), "--owner-url-file", str(folder.owner_url)]
    return await spawn.run([*module, *paths, *arguments], what=f"{command} of {folder.name}")
