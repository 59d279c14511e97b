"""What a service package says about itself, and what the chassis hands to it when it starts."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Generic

from fastapi import APIRouter
from starlette.datastructures import State
from typing_extensions import TypeVar

from chassis.clock import Clock
from chassis.config import ServiceConfig
from chassis.database import Database, Transaction
from chassis.problems import Form

C = TypeVar("C", bound=ServiceConfig, default=ServiceConfig)
C_co = TypeVar("C_co", bound=ServiceConfig, default=ServiceConfig, covariant=True)


@dataclass(frozen=True)
class App(Generic[C_co]):
    """What a service builds its state from."""

    config: C_co
    db: Database
    clock: Clock


@dataclass(frozen=True)
class Worker:
    """Background work of a service: run every period while the service serves, the first time after one period or ``at_start``.

    It is given the application's state. A failure is logged and the next period tries again.
    """

    name: str
    period_s: float
    run: Callable[[State], Awaitable[None]]
    at_start: bool = False


@dataclass(frozen=True)
class Argument:
    """An argument of a command: its name or option, and what `argparse` is told of it."""

    name: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Command:
    """A command of a service's own: ``python -m <service> NAME --config FILE`` prints what it returns, or its ConfigError."""

    name: str
    text: str
    """What it does, for ``--help``."""
    run: Callable[..., Coroutine[Any, Any, str]]
    """Given the configuration, and by name each of its arguments."""
    arguments: Sequence[Argument] = ()


@dataclass(frozen=True)
class Restoring:
    """What of a service's database a backup holds, and how a restored one forgets whom the service erased since."""

    subjects: str
    """SQL that gives what the service knows people by, as ``id``; with no row the database is empty."""
    erase: Callable[[Transaction, Sequence[bytes]], Awaitable[object]]
    omitted: Collection[str]
    """Tables whose rows stay out: sessions, nonces, counters, outboxes."""
    keep: Callable[[Transaction, Sequence[bytes]], Awaitable[object]] | None = None
    """Does as ``erase`` for those of whom something stays for statistics."""


# Deletes what has expired at an instant; run once an hour.
Purge = Callable[[Database, datetime], Awaitable[None]]


def no_state(_app: App[ServiceConfig]) -> AbstractAsyncContextManager[Mapping[str, object]]:
    """Start nothing: for a service that needs its database and clock alone."""
    return nullcontext({})


@dataclass(frozen=True)
class Service(Generic[C]):
    """One service: its configuration, routes, schema, and what it starts.

    ``start`` yields a mapping whose values land in the application's state, for `chassis.deps.state`. ``coarse_logs`` is for
    hosts that may keep no time finer than the day. ``sealed_tables`` are rewritten in random order by the daily seal; ``fold`` is
    SQL that it runs before, such as moving the day's inbox into its table, and ``emptied_tables`` lose all rows then.
    ``commands`` stand beside those that all services have; ``checks`` are what ``check`` looks at beside files and schema, each
    raising ConfigError. ``forms`` say how refusals are written below a path, where another standard than problem documents rules
    there. ``own_bodies`` are routes, by method and path, that parse their JSON bodies themselves: large ones would be parsed twice.
    """

    name: str
    config_kind: type[C]
    routers: Sequence[APIRouter]
    migrations: Sequence[Path]
    grants: Path
    start: Callable[[App[C]], AbstractAsyncContextManager[Mapping[str, object]]]
    sealed_tables: Sequence[str] = ()
    fold: Sequence[str] = ()
    emptied_tables: Sequence[str] = ()
    purge: Sequence[Purge] = ()
    workers: Sequence[Worker] = ()
    commands: Sequence[Command] = ()
    restoring: Restoring | None = None
    checks: Sequence[Callable[[C], Awaitable[None]]] = ()
    forms: Mapping[str, Form] = field(default_factory=dict)
    own_bodies: Collection[tuple[str, str]] = ()
    coarse_logs: bool = False
    title: str = ""
    description: str = ""
    version: str = "1"

    @property
    def sealing(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Return what `chassis.seal.seal` takes: the tables, the fold, and what is emptied."""
        return self.sealed_tables, self.fold, self.emptied_tables
