"""Starts commands through the launcher, so that none outlives the supervisor."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.errors import StepFailed
from local.users import LAUNCHER, SAME


def launched(
    command: Sequence[str], *, user: str = SAME, orphan: signal.Signals = signal.SIGKILL, network: Path | None = None
) -> list[str]:
    """Return the command line that runs `command` through the launcher."""
    where = SAME if network is None else str(network)
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), str(int(orphan)), user, where, "--"]
    return [*launcher, *command]


async def start(
    command: Sequence[str],
    log: Path,
    *,
    environment: Mapping[str, str],
    folder: Path | None,
    user: str,
    orphan: signal.Signals,
    network: Path | None = None,
) -> Process:
    """Start a long-lived process in a session of its own (Ctrl-C is for the supervisor alone), its output in `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *launched(command, user=user, orphan=orphan, network=network),
            stdin=DEVNULL,
            stdout=output,
            stderr=STDOUT,
            env=_environment(environment),
            cwd=folder,
            start_new_session=True,
        )


async def run(
    command: Sequence[str],
    *,
    what: str,
    stdin: str = "",
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user: str = SAME,
    network: Path | None = None,
) -> str:
    """Run a command to its end and return what it printed; StepFailed says `what` failed, with its last lines."""
    child = await asyncio.create_subprocess_exec(
        *launched(command, user=user, network=network),
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        env=_environment(environment or {}),
        cwd=folder,
        start_new_session=True,
    )
    try:
        output, _ = await child.communicate(stdin.encode("utf-8"))
    except BaseException:
        if child.returncode is None:
            child.kill()
            await child.wait()
        raise
    text = output.decode("utf-8", errors="replace")
    if child.returncode != 0:
        raise StepFailed(f"{what} failed (exit {child.returncode}):\n{last_lines(text)}")
    return text


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return our own environment and more, without PYTHONPATH: a service finds what is installed, and not this room."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | dict(more)


def last_lines(text: str, count: int = 20) -> str:
    """Return the end of a log, indented."""
    lines = text.rstrip().splitlines()[-count:]
    return "\n".join(f"  | {line}" for line in lines) or "  | (it said nothing)"
