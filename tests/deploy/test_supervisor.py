"""The supervisor: order, health, taken ports, deaths, and nothing left behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from local import health
from local.errors import AlreadyRunning, BadTable, HomeMismatch, NotReady, PortsTaken, ProcessDied
from local.layout import ROOM
from local.ports import is_free
from local.process import Process
from local.system import System
from local.table import ordered

Chain = tuple[Process, ...]


def alive(pid: int) -> bool:
    """Whether a process of this id exists and is no zombie."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2][:3]
    except FileNotFoundError:
        return False


async def test_starts_in_order_and_stops_all(home: Path, base_port: int, chain: Chain) -> None:
    """Dependencies start first, all answer inside, and no process or port is held afterwards."""
    async with System(home, base_port, chain) as system:
        order = list(system.pids())
        pids = list(system.pids().values())
        answers = [(await httpx.AsyncClient().get(f"http://127.0.0.1:{base_port + n}/health")).status_code for n in range(3)]

    assert order == ["first", "second", "third"]
    assert answers == [200, 200, 200]
    assert [pid for pid in pids if alive(pid)] == []
    assert all(is_free(base_port + n) for n in range(3))


async def test_names_taken_ports_before_anything_starts(home: Path, base_port: int, chain: Chain) -> None:
    """A taken port is told with the process that wanted it and the way out, and not even the home is made."""
    with socket.create_server(("127.0.0.1", base_port + 1)), pytest.raises(PortsTaken) as caught:
        async with System(home, base_port, chain):
            pass

    assert f"port {base_port + 1} is taken; second wants it" in str(caught.value)
    assert "BASE_PORT=" in str(caught.value)
    assert not home.exists()


async def test_death_of_a_child_stops_everything(home: Path, base_port: int, chain: Chain) -> None:
    """When one process ends by itself the body is interrupted, its last lines are told, and the others are stopped."""
    pids: list[int] = []
    with pytest.raises(ProcessDied) as caught:  # noqa: PT012  the body is interrupted
        async with System(home, base_port, chain) as system:
            pids = list(system.pids().values())
            with suppress(httpx.HTTPError):
                await httpx.AsyncClient().get(f"http://127.0.0.1:{base_port + 1}/die")
            await asyncio.sleep(30)

    assert "second ended by itself (exit 3)" in str(caught.value)
    assert "the last words" in str(caught.value)
    assert [pid for pid in pids if alive(pid)] == []


async def test_cancel_while_stopping(home: Path, base_port: int, chain: Chain) -> None:
    """A second interruption while everything is being stopped leaves nothing running either."""

    async def live() -> None:
        async with System(home, base_port, chain):
            await asyncio.Event().wait()

    life = asyncio.create_task(live())
    while is_free(base_port + 2):
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    life.cancel()
    await asyncio.sleep(0)
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await life

    assert all(is_free(base_port + n) for n in range(3))


async def test_death_while_starting(home: Path, base_port: int, chain: Chain) -> None:
    """A process that ends before it is healthy is told with its output, and what had started is stopped."""
    broken = Process(
        name="broken",
        port=5,
        command=lambda _: [sys.executable, "-I", "-c", "raise SystemExit('no such luck')"],
        log=lambda layout: layout.home / "logs" / "broken.log",
        ready=health.http(5, "/"),
        after=("third",),
    )
    with pytest.raises(ProcessDied, match="no such luck"):
        async with System(home, base_port, (*chain, broken)):
            pass

    assert all(is_free(base_port + n) for n in range(3))


async def test_not_ready_in_time(home: Path, base_port: int) -> None:
    """A process that lives but never becomes healthy is given up after its patience."""
    idle = Process(
        name="idle",
        port=0,
        command=lambda _: [sys.executable, "-I", "-c", "import time; time.sleep(60)"],
        log=lambda layout: layout.home / "logs" / "idle.log",
        ready=health.http(0, "/"),
        patience_s=0.3,
    )
    with pytest.raises(NotReady, match="idle did not become ready"):
        async with System(home, base_port, (idle,)):
            pass


async def test_stop_start_restart_and_logs(home: Path, base_port: int, chain: Chain) -> None:
    """One process can be stopped, started and restarted while the others stay, and its log is kept."""
    async with System(home, base_port, chain) as system:
        first = dict(system.pids())
        await system.stop("second")
        stopped = is_free(base_port + 1)
        await system.start("second")
        await system.restart("third")
        second = dict(system.pids())
        log = system.logs("second")

    assert stopped
    assert second["first"] == first["first"]
    assert second["second"] != first["second"]
    assert second["third"] != first["third"]
    assert log == "serving\nserving\n"


async def test_one_supervisor_per_home(home: Path, base_port: int, chain: Chain) -> None:
    """A second supervisor on the same home is refused while the first one runs."""
    async with System(home, base_port, chain):
        with pytest.raises(AlreadyRunning):
            async with System(home, base_port, chain):
                pass


async def test_home_remembers_its_base_port(home: Path, base_port: int, chain: Chain) -> None:
    """A home keeps its base port: without a wish it is found again, another one is refused."""
    async with System(home, base_port, chain):
        pass

    assert System(home, None, chain).layout.base_port == base_port
    with pytest.raises(HomeMismatch):
        System(home, base_port + 100, chain)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_children_end_with_the_supervisor(home: Path, base_port: int, number: signal.Signals) -> None:
    """However the supervisor ends, even by SIGKILL, no child outlives it."""
    program = textwrap.dedent(f"""
        import asyncio, signal, sys
        from pathlib import Path
        # Whoever runs the tests in the background has SIGINT ignored, and the child would inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from conftest import server
        from local.__main__ import until_signal
        from local.system import System

        async def main():
            async with System(Path({str(home)!r}), {base_port}, (server("one", 0), server("two", 1, "one"))) as system:
                print(*system.pids().values(), flush=True)
                await asyncio.Event().wait()

        until_signal(main())
    """)
    supervisor = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOM)},
    )
    with supervisor:
        assert supervisor.stdout is not None
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        started = [alive(pid) for pid in pids]
        supervisor.send_signal(number)
        try:
            supervisor.wait(20)
        finally:
            supervisor.kill()
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert started == [True, True]
    assert [pid for pid in pids if alive(pid)] == []


def test_table_refuses_nonsense(chain: Chain) -> None:
    """Doubled names, doubled ports, unknown dependencies and circles are named."""
    first = chain[-1]
    circle = [
        Process("a", 1, first.command, first.log, first.ready, ("b",)),
        Process("b", 2, first.command, first.log, first.ready, ("a",)),
    ]

    for table, complaint in (
        ([first, first], "two processes are called first"),
        ([first, Process("other", 0, first.command, first.log, first.ready)], "want the same port"),
        ([chain[0]], "does not exist"),
        (circle, "wait for each other"),
    ):
        with pytest.raises(BadTable, match=complaint):
            ordered(table)
