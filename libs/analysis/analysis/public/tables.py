"""Which tables may be released: a file of definitions, as data, each with what it spends."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from analysis import definitions
from analysis.errors import Refused
from analysis.measures import Measure, Share
from analysis.policy import ANALYST
from analysis.public.errors import NotReleased
from analysis.questions import Plan, Question, plan

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_EPSILON = re.compile(r"[0-9]{1,2}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class PublicTable:
    """A measure told apart by rungs; `epsilon` is what each release of it spends."""

    name: str
    version: int
    title: Mapping[str, str]
    measure: str
    by: tuple[str, ...]
    epsilon: Decimal

    def asked(self, year: int) -> Plan:
        """Return what is counted; raise NotReleased where it is nothing of which each person is in one cell of a fixed table."""
        try:
            found = plan(Question(self.measure, year, self.by), (year,), ANALYST)
        except Refused as refused:
            raise NotReleased(f"{self.name}: {refused.reason}") from None
        if not isinstance(found.measure, Share) or found.measure.by_disease:
            raise NotReleased(f"{self.name}: is no share of people")
        if any(rung.levels is None for rung in found.by):
            raise NotReleased(f"{self.name}: has levels that members' data decide")
        return found

    def digest(self, year: int) -> str:
        """Return the SHA-256 of all that the table means: its own definition, the measure's and the levels', in hexadecimal."""
        asked = self.asked(year)
        rungs = [[rung.text, rung.levels] for rung in asked.by]
        meant = [_fields(self), _fields(asked.measure), rungs, definitions.digest("variables")]
        return sha256(json.dumps(meant, sort_keys=True, default=dict).encode()).hexdigest()


def public_tables(file: Path | None = None) -> dict[str, PublicTable]:
    """Return the tables of a file, or those that come with this package; raise NotReleased."""
    try:
        shipped = files(definitions).joinpath("public_tables.toml")
        told = tomllib.loads(shipped.read_text(encoding="utf-8") if file is None else file.read_text(encoding="utf-8"))
        return {name: _table(name, entry) for name, entry in told.items() if isinstance(entry, dict)}
    except (OSError, ValueError, KeyError, TypeError):
        raise NotReleased(f"{file}: is no file of tables that can be read") from None


def named(name: str, file: Path | None = None) -> PublicTable:
    """Return one of these tables; raise NotReleased."""
    found = public_tables(file).get(name)
    if found is None:
        raise NotReleased("there is no such table: `public tables` lists them")
    return found


def epsilon_of(text: str) -> Decimal:
    """Read an epsilon above 0 and below 100, with six digits behind the point at most; raise ValueError."""
    if not _EPSILON.fullmatch(text) or not Decimal(text):
        raise ValueError("an epsilon is above 0 and below 100, with six digits behind the point at most")
    return Decimal(text).normalize()


def _fields(one: PublicTable | Measure) -> dict[str, Any]:
    """Return all that means something: titles are for reading."""
    found = {field.name: getattr(one, field.name) for field in fields(one) if field.name != "title"}
    return found | ({"epsilon": str(one.epsilon)} if isinstance(one, PublicTable) else {})


def _table(name: str, entry: Mapping[str, Any]) -> PublicTable:
    if not _NAME.fullmatch(name) or entry.keys() != {"version", "title", "measure", "by", "epsilon"}:
        raise ValueError
    title = {language: str(entry["title"][language]) for language in ("en", "ja")}
    by = tuple(map(str, entry["by"]))
    return PublicTable(name, int(entry["version"]), title, str(entry["measure"]), by, epsilon_of(entry["epsilon"]))
