"""What an attack and a plant are, and how they are found: every module of `attacks/` and `plants/` defines one."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal

from protocol.names import STORES

from drill import attacks, plants
from drill.criteria import Outcome
from drill.seizure import Seizure
from drill.truth import Truth
from drill.world import World

Moment = Literal["before seal", "after seal"]


@dataclass(frozen=True)
class AtRest:
    """An attack on what lies on seized disks."""

    name: str
    explains: str
    """One plain sentence: what the attacker does."""
    run: Callable[[Seizure, Truth], Outcome]
    floor: Callable[[Sequence[str], Moment], bool] = lambda hosts, moment: False  # noqa: ARG005
    """Seizures at which success is the openly stated floor, not a failure."""
    joins: bool = False
    """Whether it joins rows of two hosts, so that it needs a pair with a store."""


@dataclass(frozen=True)
class Live:
    """An attack by the attacker's code in running hosts."""

    name: str
    explains: str
    hosts: tuple[str, ...]
    run: Callable[[World, Truth], Awaitable[Outcome]]


@dataclass(frozen=True)
class Plant:
    """A weakness put into a seized or running system, as a careless change would have left it; tests only."""

    name: str
    attack: str
    explains: str
    hosts: tuple[str, ...]
    """The seizure that must turn red."""
    apply: Callable[[Seizure, Truth], Awaitable[None]] | None = None
    """Changes the seized copy; ``None`` for plants that act on the running system."""
    live: Callable[[World], AbstractAsyncContextManager[None]] | None = None
    """Runs a weakened process in the place of one of the system's."""
    long: bool = False
    """Whether its attack takes so long that the full drill alone plants it."""


def recording_days(hosts: Sequence[str]) -> bool:
    """Whether the days on which members record something are at both hosts: the floor of the two stores together.

    A row's day, its place after the fold of that day and that fold's transaction say the same.
    """
    return set(hosts) == set(STORES)


def all_attacks() -> dict[str, AtRest | Live]:
    """Return every attack by name."""
    found = [module.ATTACK for module in _modules(attacks)]
    return {attack.name: attack for attack in found}


def all_plants() -> dict[str, Plant]:
    """Return every plant by name; each names the attack that must find it."""
    found = [module.PLANT for module in _modules(plants)]
    return {plant.name: plant for plant in found}


def _modules(package: object) -> list:  # type: ignore[type-arg]
    path = package.__path__  # type: ignore[attr-defined]
    names = sorted(info.name for info in pkgutil.iter_modules(path))
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]  # type: ignore[attr-defined]
