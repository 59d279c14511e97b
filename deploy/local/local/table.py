"""Finds the local processes by folder and puts them in order."""

import graphlib
import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path

from local.errors import BadTable
from local.process import Process


def load(folder: Path) -> tuple[Process, ...]:
    """Return every `PROCESS` of the folder's files, dependencies first."""
    return ordered(_load_one(path) for path in sorted(folder.glob("*.py")) if path.name != "__init__.py")


def ordered(processes: Iterable[Process]) -> tuple[Process, ...]:
    """Return the same processes, dependencies first; raises BadTable for doubled names, doubled ports, unknown names, cycles."""
    table: dict[str, Process] = {}
    ports: dict[int, str] = {}
    for process in processes:
        if process.name in table:
            raise BadTable(f"two processes are called {process.name}")
        if process.port in ports:
            raise BadTable(f"{process.name} and {ports[process.port]} want the same port")
        table[process.name] = process
        ports[process.port] = process.name
    for process in table.values():
        for name in process.after:
            if name not in table:
                raise BadTable(f"{process.name} starts after {name}, which does not exist")
    try:
        names = list(graphlib.TopologicalSorter({p.name: p.after for p in table.values()}).static_order())
    except graphlib.CycleError as error:
        raise BadTable(f"processes wait for each other: {' -> '.join(error.args[1])}") from None
    return tuple(table[name] for name in names)


def dependents(name: str, table: Sequence[Process]) -> tuple[Process, ...]:
    """Return the processes that directly start after the named one."""
    return tuple(process for process in table if name in process.after)


def _load_one(path: Path) -> Process:
    spec = importlib.util.spec_from_file_location(f"local_process_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise BadTable(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    process = getattr(module, "PROCESS", None)
    if not isinstance(process, Process):
        raise BadTable(f"{path} defines no PROCESS")
    return process
