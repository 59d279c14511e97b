"""The shape of one line in the supervisor's table: a file in `processes/` defines one `PROCESS`."""

import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.layout import Layout
from local.users import SAME


def _no_environment(_: Layout) -> Mapping[str, str]:
    return {}


async def _nothing(_: Layout) -> None:
    return None


def _same_user(_: Layout) -> str:
    return SAME


def _here(_: Layout) -> Path | None:
    return None


async def always_ready(_: Layout) -> bool:
    """For processes without a health check."""
    return True


@dataclass(frozen=True)
class Process:
    """How one process is made ready, started, found healthy and stopped."""

    name: str
    port: int
    """Above the base port."""
    command: Callable[[Layout], Sequence[str]]
    log: Callable[[Layout], Path]
    """File that gets standard output and error."""
    ready: Callable[[Layout], Awaitable[bool]]
    """Whether it answers; asked until it does. `local.health` has the usual ones."""
    after: tuple[str, ...] = ()
    """Names of the processes that must be healthy first."""
    environment: Callable[[Layout], Mapping[str, str]] = _no_environment
    """Added to the supervisor's own environment."""
    folder: Callable[[Layout], Path | None] = _here
    """Working folder; None is the supervisor's."""
    user: Callable[[Layout], str] = _same_user
    place: str | None = None
    """In whose network it runs where each has its own: a place of `deploy/paths.toml`; None is the members'."""
    prepare: Callable[[Layout], Awaitable[None]] = _nothing
    """Before each start, when all of `after` are healthy."""
    settle: Callable[[Layout], Awaitable[None]] = _nothing
    """After each start, once healthy, before dependents start."""
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends when the supervisor was killed."""
    patience_s: float = 60.0
    """How long it may take to become healthy."""
