"""A programs that dies: its process and its database server can be killed while members call, and start again."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
from chassis.clock import FixedClock
from chassis.database import Database
from programs.app import SERVICE
from protocol.deployment import Deployment
from protocol.messages.base import Message
from pydantic import TypeAdapter
from support.postgres import ThrowawayCluster
from support.store_host import NOW, Member, StoreHost, deployment

_TESTS = Path(__file__).resolve().parents[1]
_PAUSE_S = 0.1
_TRIES = 300


@dataclass
class WrittenClock(FixedClock):
    """A clock that another process reads from a file."""

    file: Path = Path()

    def __post_init__(self) -> None:
        """Write the first instant."""
        super().__post_init__()
        self._write()

    def advance(self, by: timedelta) -> None:
        """Move the clock on, for both."""
        super().advance(by)
        self._write()

    def _write(self) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(str(self.timestamp()), encoding="ascii")
        new.replace(self.file)


@dataclass
class Killable:
    """The running host, and what it stands on."""

    host: StoreHost
    cluster: ThrowawayCluster
    command: list[str]
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the service, and wait until it is ready."""
        environment = os.environ | {"PYTHONPATH": str(_TESTS)}
        self.process = await asyncio.create_subprocess_exec(*self.command, env=environment)
        for _ in range(_TRIES):
            try:
                if (await self.host.client.get("/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(_PAUSE_S)
        raise AssertionError("programs does not start")

    async def kill_service(self) -> None:
        """Kill the process as the kernel does, and start another."""
        await self.stop()
        await self.start()

    async def kill_database(self) -> None:
        """Kill the database server and start it again."""
        await asyncio.to_thread(self.cluster.kill)
        await asyncio.to_thread(self.cluster.restart)

    async def stop(self) -> None:
        """Kill the process."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def delivered(self, member: Member, method: str, path: str, message: Message) -> httpx.Response:
        """Call as a device does that does not give up: again when nobody answered, or nobody could."""
        for _ in range(_TRIES):
            began = self.host.clock.now()
            try:
                answer = await self.host.as_member(member, method, path, message)
            except httpx.TransportError:
                pass
            else:
                if answer.status_code not in (401, 409, 503):
                    return answer
                if answer.status_code == 409 and self.host.clock.now() == began:
                    # A database that was killed has lost its memory of proofs, and accepts those alone that are made later.
                    # One of many callers moves the clock: if all did, a slow machine would walk into the next day.
                    self.host.clock.advance(timedelta(seconds=1))
            await asyncio.sleep(_PAUSE_S)
        raise AssertionError(f"{method} {path} was never answered")


@asynccontextmanager
async def killable(cluster: ThrowawayCluster, folder: Path) -> AsyncIterator[Killable]:
    """Serve programs on an empty database of a cluster of one's own."""
    urls = cluster.database_of(SERVICE)
    (folder / "deployment.json").write_text(json.dumps(TypeAdapter(Deployment).dump_python(deployment(), mode="json")))
    _, runtime_file = urls.write(folder)
    config = {
        "host": SERVICE.name,
        "bind": "127.0.0.1:0",
        "deployment_file": str(folder / "deployment.json"),
        "database": {"url_file": str(runtime_file)},
    }
    (folder / "config.json").write_text(json.dumps(config))
    clock = WrittenClock(NOW, folder / "clock")
    port = str(_free_port())
    command = [sys.executable, "-m", "simulation.programs_process", str(folder / "config.json"), port, str(clock.file)]
    db = await Database.open(urls.runtime_url)
    app = cast("Any", SimpleNamespace(state=SimpleNamespace(db=db)))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        made = Killable(StoreHost("programs", client, clock, urls, SERVICE, app), cluster, command)
        try:
            await made.start()
            yield made
        finally:
            await made.stop()
            await db.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
