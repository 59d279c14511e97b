"""What a case is, and how cases are found: every module of `cases/` defines one ``CASE``."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench import cases
from bench.figure import Figure
from bench.harness import Bench


@dataclass(frozen=True)
class Case:
    """One thing that is measured."""

    name: str
    explains: str
    run: Callable[[Bench], Awaitable[list[Figure]]]


def all_cases() -> dict[str, Case]:
    """Return every case by name."""
    names = sorted(info.name for info in pkgutil.iter_modules(cases.__path__))
    found: list[Case] = [importlib.import_module(f"{cases.__name__}.{name}").CASE for name in names]
    return {case.name: case for case in found}
