"""The whole deployment as one object, for the demo, tests, the drill and the benchmarks."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from local import ceremony, deployment, home, namespaces, ports, table, wiring
from local.layout import HOSTS, PROCESSES, KeyStore, Layout
from local.process import Process
from local.supervisor import Supervisor

T = TypeVar("T")


class System:
    """Five hosts with their databases and the group's provider, running between enter and exit.

    A process that ends by itself cancels the body and becomes ProcessDied, with its last lines.
    """

    def __init__(
        self,
        folder: Path,
        base_port: int | None = None,
        processes: Sequence[Process] | None = None,
        *,
        key_store: KeyStore | None = None,
        isolated: bool = False,
    ) -> None:
        """Take another table than `deploy/local/processes` as `processes`, in any order.

        The home remembers its base port, its key store, which is ``WARIFU_KEY_STORE`` where nothing else is asked for, and
        whether it is ``isolated``: each host in a network of its own, after `namespaces.enter`.
        """
        asked = key_store or os.environ.get("WARIFU_KEY_STORE")
        home.check_networks(folder, isolated=isolated)
        port, store = home.base_port_of(folder, base_port), home.key_store_of(folder, asked)
        self.layout = Layout(folder.resolve(), port, store, isolated)
        self._supervisor = Supervisor(
            table.load(PROCESSES) if processes is None else table.ordered(processes), self.layout, self._interrupt
        )
        self._lock = ExitStack()
        self._body: asyncio.Task[object] | None = None
        self._interrupted = False

    async def __aenter__(self) -> Self:
        """Start everything and wait until it is healthy; nothing is left running when that fails."""
        self._body = asyncio.current_task()
        known = {process.name: self.layout.port(process.port) for process in self._supervisor.processes}
        with ExitStack() as undo:
            # The lock first: whoever holds it also holds the ports, and "already running" says more than "taken".
            settled = home.is_home(self.layout.home)
            if settled:
                undo.enter_context(home.held(self.layout.home))
            ports.require_free(known, self.layout.base_port, settled=settled)
            if not settled:
                undo.enter_context(home.held(self.layout.home))
            home.mark(self.layout.home, self.layout.base_port, self.layout.key_store, isolated=self.layout.isolated)
            if self.layout.isolated:
                await wiring.lay(self.layout)
            ceremony.hold(self.layout)
            deployment.write_deployment(self.layout)
            try:
                await self._supervisor.start()
            except asyncio.CancelledError:
                self._raise_death()
                raise
            self._lock = undo.pop_all()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop everything, dependents first."""
        with self._lock:
            cancelled = await self._stop_whatever_comes()
        self._raise_death()
        if cancelled:
            raise asyncio.CancelledError

    @property
    def origins(self) -> Mapping[str, str]:
        """Origin of each host."""
        return {name: self.layout.origin(name) for name in HOSTS}

    @property
    def group_issuer(self) -> str:
        """Issuer of the group's identity provider."""
        return self.layout.group_issuer

    @property
    def deployment_path(self) -> Path:
        """The public file of the deployment."""
        return self.layout.deployment

    @property
    def config_paths(self) -> Mapping[str, Path]:
        """Configuration file of each host."""
        return {name: self.layout.host(name).config for name in HOSTS}

    @cached_property
    def owner_urls(self) -> Mapping[str, str]:
        """Database URL of each host for the role that migrates and seals."""
        return {name: self.layout.host(name).owner_url.read_text(encoding="ascii") for name in HOSTS}

    async def as_registrar(self, work: Callable[[], Coroutine[object, object, T]]) -> T:
        """Let the insurer's workstation do something: from its own network, where it has one."""
        network = self.layout.network("registrar")
        if network is None:
            return await work()
        os.environ["WARIFU_REGISTRAR_CERTIFICATE"] = str(self.layout.registrar / "certificate.pem")
        return await namespaces.run_in(network, work)

    async def restart(self, name: str) -> None:
        """Stop and start one process; the others stay."""
        await self._supervisor.stop_one(name)
        await self._supervisor.start_one(name)

    async def stop(self, name: str) -> None:
        """Stop one process; `start` or `restart` brings it back."""
        await self._supervisor.stop_one(name)

    async def start(self, name: str) -> None:
        """Start one process that was stopped."""
        await self._supervisor.start_one(name)

    def logs(self, name: str) -> str:
        """All that a process has written, in earlier runs too; empty when it never ran."""
        for process in self._supervisor.processes:
            if process.name == name:
                path = process.log(self.layout)
                return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        raise KeyError(name)

    def pids(self) -> Mapping[str, int]:
        """Process ids by name."""
        return self._supervisor.pids()

    def _interrupt(self) -> None:
        if self._body is not None and not self._body.done():
            self._interrupted = True
            self._body.cancel()

    async def _stop_whatever_comes(self) -> bool:
        """Stop to the end, and tell whether somebody cancelled meanwhile: a second Ctrl-C must not leave half of it."""
        stopping = asyncio.create_task(self._supervisor.stop())
        cancelled = False
        while not stopping.done():
            try:
                await asyncio.shield(stopping)
            except asyncio.CancelledError:
                cancelled = True
        stopping.result()
        return cancelled

    def _raise_death(self) -> None:
        if self._supervisor.death is None:
            return
        task = asyncio.current_task()
        if self._interrupted and task is not None and task is self._body:
            task.uncancel()
        raise self._supervisor.death
