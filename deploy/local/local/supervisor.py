"""Starts a table of processes in dependency order, watches them, stops them in reverse."""

import asyncio
import os
import signal
from asyncio.subprocess import Process as Child
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from local import spawn, table
from local.errors import BadTable, NotReady, ProcessDied
from local.layout import Layout
from local.process import Process

_POLL_S = 0.05
_STOP_PATIENCE_S = 15.0


@dataclass
class _Running:
    child: Child
    log: Path
    log_start: int
    watch: asyncio.Task[None] | None = None
    stopping: bool = False


@dataclass
class Supervisor:
    """The running processes of one deployment. `on_death` is called once, when a process ends by itself."""

    processes: Sequence[Process]
    layout: Layout
    on_death: Callable[[], None] = lambda: None
    death: ProcessDied | None = None
    _running: dict[str, _Running] = field(default_factory=dict)

    async def start(self) -> None:
        """Start all; each as soon as those it comes after are healthy. Stops what was started when one fails."""
        healthy = {process.name: asyncio.Event() for process in self.processes}

        async def bring_up(process: Process) -> None:
            for name in process.after:
                await healthy[name].wait()
            await self._start_one(process)
            healthy[process.name].set()

        try:
            async with asyncio.TaskGroup() as group:
                for process in self.processes:
                    group.create_task(bring_up(process), name=f"start {process.name}")
        except BaseExceptionGroup as failures:
            await self.stop()
            raise failures.exceptions[0] from None
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop all, each as soon as those that come after it have ended."""
        gone = {process.name: asyncio.Event() for process in self.processes}

        async def take_down(process: Process) -> None:
            for dependent in table.dependents(process.name, self.processes):
                await gone[dependent.name].wait()
            await self._stop_one(process)
            gone[process.name].set()

        await asyncio.gather(*(take_down(process) for process in self.processes))

    async def start_one(self, name: str) -> None:
        """Start one process that was stopped."""
        process = self._named(name)
        if name not in self._running:
            await self._start_one(process)

    async def stop_one(self, name: str) -> None:
        """Stop one process and leave the others running."""
        await self._stop_one(self._named(name))

    def pids(self) -> dict[str, int]:
        """Process ids by name."""
        return {name: running.child.pid for name, running in self._running.items()}

    async def _start_one(self, process: Process) -> None:
        await process.prepare(self.layout)
        log = process.log(self.layout)
        log_start = log.stat().st_size if log.exists() else 0
        child = await spawn.start(
            process.command(self.layout),
            log,
            environment=process.environment(self.layout),
            folder=process.folder(self.layout),
            user=process.user(self.layout),
            orphan=process.orphan_signal,
            network=self.layout.network(process.place),
        )
        running = _Running(child, log, log_start)
        self._running[process.name] = running
        await self._wait_until_ready(process, running)
        running.watch = asyncio.create_task(self._watch(process, running), name=f"watch {process.name}")
        await process.settle(self.layout)

    async def _wait_until_ready(self, process: Process, running: _Running) -> None:
        try:
            async with asyncio.timeout(process.patience_s):
                while not await process.ready(self.layout):
                    with suppress(TimeoutError):
                        await asyncio.wait_for(running.child.wait(), _POLL_S)
                        raise self._died(process, running)
        except TimeoutError:
            raise NotReady(
                f"{process.name} did not become ready within {process.patience_s:g} s. Its last lines:\n{_tail(running)}"
            ) from None
        if running.child.returncode is not None:  # somebody else answered in its place
            raise self._died(process, running)

    async def _watch(self, process: Process, running: _Running) -> None:
        await running.child.wait()
        if not running.stopping and self.death is None:
            self.death = self._died(process, running)
            self.on_death()

    async def _stop_one(self, process: Process) -> None:
        running = self._running.get(process.name)
        if running is None:
            return
        running.stopping = True
        if running.child.returncode is None:
            running.child.send_signal(process.stop_signal)
            try:
                await asyncio.wait_for(running.child.wait(), _STOP_PATIENCE_S)
            except TimeoutError:
                running.child.kill()
                await running.child.wait()
        # Whatever it left in its session: its process group carries the child's pid.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(running.child.pid, signal.SIGKILL)
        if running.watch is not None:
            await running.watch
        del self._running[process.name]

    def _died(self, process: Process, running: _Running) -> ProcessDied:
        code = running.child.returncode
        return ProcessDied(f"{process.name} ended by itself (exit {code}). Its last lines:\n{_tail(running)}")

    def _named(self, name: str) -> Process:
        for process in self.processes:
            if process.name == name:
                return process
        raise BadTable(f"there is no process called {name}")


def _tail(running: _Running) -> str:
    with running.log.open("rb") as log:
        log.seek(running.log_start)
        return spawn.last_lines(log.read().decode("utf-8", errors="replace"))
