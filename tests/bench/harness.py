"""What a case measures with: the running system, peers beside it, loads."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncpg
from local import population, spawn
from local.layout import HOSTS
from local.system import System
from protocol.deployment import Deployment
from registrar.imports import import_files

from bench.errors import BenchError
from bench.load import Measured, Side, ask, measure
from bench.profiling import Profiler
from bench.scale import Scale

_TESTS = Path(__file__).resolve().parents[1]
_PEER_OFFSET = 20
"""Peers' ports lie above those of the deployment."""
_PATIENCE_S = 20.0


@dataclass
class Bench:
    """One run of the benchmark; the system is started when the first case asks for it and serves all that follow."""

    folder: Path
    base_port: int
    scale: Scale
    say: Callable[[str], None]
    profiler: Profiler | None = None
    kept_back: list[Path] = field(default_factory=list)
    """Archives of checkups, of one year each, that were not imported, once the system is there."""
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _system: System | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def system(self) -> System:
        """Return the running system with its population imported."""
        if self._system is None:
            began = time.monotonic()
            system = await self._stack.enter_async_context(System(self.folder / "home", self.base_port))
            layout = system.layout
            population.ensure(layout, self.scale.members, range(2024 - self.scale.archives, 2026))
            officers = sorted(layout.officers.glob("*.key"))
            people, *archives = population.files(layout)
            self.kept_back = archives[: self.scale.archives]
            files = [people, *archives[self.scale.archives :]]
            await import_files(layout.registrar, Deployment.load(system.deployment_path), files, officers)
            self._system = system
            self.say(f"a system with {self.scale.members} members is ready after {time.monotonic() - began:.1f} s")
        return self._system

    async def deployment(self) -> Deployment:
        """Return the public description of the system."""
        return Deployment.load((await self.system()).deployment_path)

    async def ours(self, host: str) -> Side:
        """Return one of the system's hosts as a side."""
        system = await self.system()
        return Side(host, system.layout.service_port(host), system.pids()[host])

    @asynccontextmanager
    async def owner(self, host: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """Connect to a host's database as the role that owns it."""
        connection = await asyncpg.connect((await self.system()).owner_urls[host])
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def own_tables(self, host: str, *ddl: str, schema: str = "bench") -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """Make tables in a schema of their own in a host's database; they are gone afterwards."""
        async with self.owner(host) as connection:
            await connection.execute("; ".join([f"DROP SCHEMA IF EXISTS {schema} CASCADE", f"CREATE SCHEMA {schema}", *ddl]))
            try:
                yield connection
            finally:
                await connection.execute(f"DROP SCHEMA {schema} CASCADE")

    @asynccontextmanager
    async def peer(self, name: str, host: str, **settings: object) -> AsyncIterator[Side]:
        """Run ``bench.peers.<name>`` as the bare counterpart of a host, on the same database server."""
        system = await self.system()
        port = self.base_port + _PEER_OFFSET + HOSTS.index(host)
        folder = self.folder / "peers"
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"{name}-{host}.json"
        path.write_text(json.dumps({"database": system.owner_urls[host], **settings}), encoding="utf-8")
        process = await spawn.start(
            [sys.executable, "-m", "bench.peer_server", name, str(port), str(path)],
            path.with_suffix(".log"),
            environment={"PYTHONPATH": str(_TESTS)},
            folder=_TESTS,
            user="same",
            orphan=signal.SIGKILL,
        )
        try:
            if not await answers(port, process):
                said = path.with_suffix(".log").read_text(encoding="utf-8")
                raise BenchError(f"a peer does not start:\n{spawn.last_lines(said)}")
            yield Side(f"{name} peer of {host}", port, process.pid)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()

    async def load(self, side: Side, requests: Sequence[bytes], connections: int | None = None) -> Measured:
        """Send requests to one side and measure."""
        return await measure(side, requests, connections or self.scale.connections, self.profiler)

    async def load_at(self, side: Side, requests: Sequence[bytes], rate: float, connections: int) -> Measured:
        """Send so many requests a second to one side, whether answers come or not, and measure."""
        return await measure(side, requests, connections, self.profiler, rate)

    async def ask(self, side: Side, requests: Sequence[bytes]) -> tuple[Measured, list[str]]:
        """Send requests to one side, measure, and return what came back: bodies, or where redirects lead."""
        return await ask(side, requests, self.scale.connections, self.profiler)


async def answers(port: int, process: asyncio.subprocess.Process) -> bool:
    """Whether a process listens on a port before patience ends."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return True
    return False
