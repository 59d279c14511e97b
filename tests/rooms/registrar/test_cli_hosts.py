"""The command as its own process, against the five hosts on ports of the loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from registrar.population import write_population
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import SENDER
from support import forked

_MEMBERS = 60


@asynccontextmanager
async def served(app: FastAPI, listener: socket.socket) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    task = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def listening(hosts: FiveHosts) -> AsyncIterator[None]:
    """Serve the applications on the ports of their origins."""
    async with AsyncExitStack() as stack:
        for host, app in hosts.apps.items():
            # A server closes what it listens on.
            await stack.enter_async_context(served(app, hosts.listeners[host].dup()))
        yield


async def command(
    hosts: FiveHosts, *arguments: str, kill_after: float | None = None, module: str = "registrar.cli", typed: str = ""
) -> tuple[int, str]:
    """Run the command with what somebody types, or kill it after so many seconds."""
    home = hosts.papers.home
    variables = {"WARIFU_REGISTRAR_HOME": str(home), "WARIFU_DEPLOYMENT": str(home.parent / "deployment.json")}
    done = await asyncio.to_thread(forked.run, f"{module}:app", arguments, variables, typed, kill_after)
    return done.code, " ".join(done.output.split())


async def test_the_command_imports_and_says_unchanged(hosts: FiveHosts, tmp_path: Path) -> None:
    """Killed once on its way, then run to the end, then run again: everything is there once, and then there is nothing to do.

    A truncated archive among the files is a line of the report, and keeps nothing else from coming in.
    """
    made = write_population(tmp_path / "population", _MEMBERS, (2024,), seed=3)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(next(iter(made.archives.values())).read_bytes()[:-100])
    files = [str(made.eligibility), str(cut), *map(str, made.archives.values())]
    async with listening(hosts):
        officers = [part for path in hosts.papers.officers for part in ("--officer", str(path))]
        await command(hosts, "import", *files, *officers, kill_after=1.0)
        code, _ = await command(hosts, "import", *files, *officers)
        again, said = await command(hosts, "import", *files)
        counts = [await hosts.count("programs", "mailbox"), await hosts.count("anon-data", "checkup")]

    report = (hosts.papers.home / "rejected.csv").read_text(encoding="utf-8").splitlines()

    assert (code, again, counts, said.endswith("unchanged")) == (0, 0, [_MEMBERS, sum(made.checkups.values())], True)
    assert [line.split(",")[:3] for line in report] == [["file", "line", "code"], ["2:archive", "", "archive-broken"]]


async def test_a_window_opened_beforehand_has_a_quota(hosts: FiveHosts, tmp_path: Path) -> None:
    """Who imports without officers can do what the window allows, and no more."""
    made = write_population(tmp_path / "population", _MEMBERS, (2024,), seed=3)
    async with listening(hosts):
        officers = [part for path in hosts.papers.officers for part in ("--officer", str(path))]
        opened = await command(hosts, "window", "open", "--purpose", "enrol", "--members", "10", *officers)
        listed = await command(hosts, "window", "list")
        refused, said = await command(hosts, "import", str(made.eligibility))

        assert (opened[0], "member 20" in listed[1], refused, "quota for member is used up" in said) == (0, True, 1, True)


async def test_the_commands_of_the_years(hosts: FiveHosts, tmp_path: Path) -> None:
    """Import, a month later, events, letters: each by its command, with nobody's data in what it prints but member numbers."""
    made = write_population(tmp_path / "population", _MEMBERS, (2025,), seed=3, later=True)
    (hosts.papers.home / "sender.toml").write_text(SENDER, encoding="utf-8")
    out = tmp_path / "letters.pdf"
    async with listening(hosts):
        officers = [part for path in hosts.papers.officers for part in ("--officer", str(path))]
        everyone = ["--everyone-without-a-way-in", "--from", str(made.later), "-o", str(out)]
        said = [
            await command(hosts, "import", str(made.eligibility), *officers),
            await command(hosts, "import", str(made.later), *officers),
            await command(hosts, "events", "run", *officers, "--yes"),
            await command(hosts, "events", "due"),
            await command(hosts, "letters", "print", *everyone, *officers),
            await command(hosts, "letters", "list"),
            await command(hosts, "wishes", "list", *officers),
            await command(hosts, "status"),
        ]
    words = "\n".join(text for _, text in said)

    assert [code for code, _ in said] == [0] * len(said)
    assert (out.read_bytes()[:5], "have no way to sign in" in said[0][1], "nothing is due" in said[3][1]) == (b"%PDF-", True, True)
    assert [word for word in ("架空県", "example.jp", "W0001", "WF1") if word in words] == []
