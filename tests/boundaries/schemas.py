"""The schemas of all five services as their migrations make them, and the SQL texts they are made from."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from chassis.service import Service
from mailboxes.store.holding import Holding
from support.postgres import DatabaseUrls

HOSTS = ("gateway", "keyvault", "identity", "anon-data", "programs")
STORES = ("anon-data", "programs")
PLUMBING = frozenset({"schema_migration", "once_even", "once_odd", "once_mark", "restore_mark"})
"""Tables of the chassis, which it speaks to in plain SQL."""

_COLUMN = re.compile(r"\s+([a-z_]+)\s+(?:[a-z]+|\"char\")")
_NO_COLUMN = {"check", "constraint", "foreign", "primary", "unique", "exclude"}


@dataclass(frozen=True)
class Schema:
    """One service and its migrated database."""

    host: str
    service: Service[Any] = field(repr=False)
    urls: DatabaseUrls = field(repr=False)


@cache
def service(host: str) -> Service[Any]:
    """Return what a host is made of."""
    found: Service[Any] = importlib.import_module(f"{host.replace('-', '_')}.app").SERVICE
    return found


def holding(host: str) -> Holding:
    """Return what a store says of its tables with a token."""
    found: Holding = importlib.import_module(f"{host.replace('-', '_')}.store.holding").HOLDING
    return found


def tables_in_code(host: str) -> list[sa.MetaData]:
    """Return the tables that the host's stores write in Python: its own and those of the libraries whose migrations it runs."""
    packages = {folder.parent.name for folder in service(host).migrations}
    modules = [module for package in sorted(packages) for module in _modules(package)]
    found = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, sa.MetaData)}
    return list(found.values())


def migrations() -> list[Path]:
    """Return every migration of every service, once."""
    folders = {folder for host in HOSTS for folder in service(host).migrations}
    return sorted(path for folder in folders for path in folder.glob("*.sql"))


def without_comments(text: str) -> str:
    """Return SQL without comments and without quoted texts, which may hold anything."""
    return re.sub(r"--[^\n]*|'(?:[^']|'')*'", " ", text)


def explained_in(text: str) -> set[str]:
    """Return the tables and columns (``table.column``) that a migration's text explains.

    Either by COMMENT ON, or by a ``--`` comment at the end of the line or alone on the line before.
    """
    found = set(re.findall(r"COMMENT ON TABLE (\w+) IS '\S", text))
    found |= set(re.findall(r"COMMENT ON COLUMN (\w+\.\w+) IS '\S", text))
    table, said = "", False
    for line in text.splitlines():
        name = ""
        if opened := re.match(r"CREATE (?:UNLOGGED )?TABLE (\w+)", line):
            table = name = opened[1]
        elif added := re.match(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", line):
            name = f"{added[1]}.{added[2]}"
        elif line.startswith(")"):
            table = ""
        elif table and (column := _COLUMN.match(line)) and column[1] not in _NO_COLUMN:
            name = f"{table}.{column[1]}"
        if name and (said or re.search(r"--\s*\S", line)):
            found.add(name)
        said = line.lstrip().startswith("--")
    return found


def _modules(package: str) -> Iterator[Any]:
    root = importlib.import_module(package)
    yield root
    for info in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)
