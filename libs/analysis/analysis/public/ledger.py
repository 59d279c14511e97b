"""What was spent of each fiscal year's budget: a file of lines that are only ever added, by one process at a time.

``ledger.jsonl``: a line for each budget and for each release. A line is whole and on the disk before any noise is drawn; whoever is
killed in between has spent. The fiscal year is the one whose data a table counts, so what is told of somebody's year is bounded
for good, however many months and years it is told in.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from analysis.public.errors import LedgerUnusable, NotReleased
from analysis.public.tables import epsilon_of

_FILE = "ledger.jsonl"
_BUDGET, _SPENT = "budget", "spent"


@dataclass(slots=True)
class Turn:
    """The ledger, while nobody else has it."""

    _descriptor: int
    _lines: list[dict[str, Any]] = field(default_factory=list)

    def budgets(self) -> dict[int, Decimal]:
        """Return the budget of each fiscal year that has one."""
        return {line["fiscal_year"]: epsilon_of(line["epsilon"]) for line in self._lines if line["entry"] == _BUDGET}

    def spent(self, year: int) -> Decimal:
        """Return what was spent of a fiscal year: epsilons of releases add up."""
        found = (line for line in self._lines if line["entry"] == _SPENT and line["fiscal_year"] == year)
        return sum((epsilon_of(line["epsilon"]) for line in found), Decimal(0))

    def releases(self) -> list[dict[str, Any]]:
        """Return the lines of all releases, in the order in which they were spent for."""
        return [line for line in self._lines if line["entry"] == _SPENT]

    def register(self, year: int, epsilon: Decimal) -> None:
        """Give a fiscal year its budget, once for all: a larger one later would be none; raise NotReleased."""
        known = self.budgets().get(year)
        if known is None:
            self._append({"entry": _BUDGET, "fiscal_year": year, "epsilon": str(epsilon)})
        elif known != epsilon:
            raise NotReleased(f"fiscal year {year} has its budget: epsilon {known}")

    def spend(self, year: int, epsilon: Decimal, about: Mapping[str, Any]) -> None:
        """Spend, on the disk, before anything may be told; raise NotReleased where the budget does not suffice."""
        budget, spent = self.budgets().get(year), self.spent(year)
        if budget is None:
            raise NotReleased(f"fiscal year {year} has no budget")
        if spent + epsilon > budget:
            raise NotReleased(f"fiscal year {year} has epsilon {budget - spent} left of {budget}, and this takes {epsilon}")
        self._append({"entry": _SPENT, "fiscal_year": year, "epsilon": str(epsilon), **about})

    def _append(self, line: dict[str, Any]) -> None:
        content = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        if os.write(self._descriptor, content) != len(content):
            raise OSError("the ledger could not be written")
        os.fsync(self._descriptor)
        self._lines.append(line)


@contextmanager
def turn(folder: Path) -> Iterator[Turn]:
    """Have the folder's ledger to oneself, making both where they are missing; raise LedgerUnusable."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / _FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield Turn(descriptor, _read(folder / _FILE, descriptor))
    finally:
        os.close(descriptor)


def _read(file: Path, descriptor: int) -> list[dict[str, Any]]:
    content = file.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        # Begun when the machine went down: no noise was drawn for it.
        os.ftruncate(descriptor, whole)
    try:
        return [_checked(json.loads(line)) for line in content[:whole].splitlines()]
    except (ValueError, KeyError, TypeError):
        raise LedgerUnusable(f"{file}: has a line that is none of a ledger") from None


def _checked(line: dict[str, Any]) -> dict[str, Any]:
    epsilon_of(line["epsilon"])
    if line["entry"] not in {_BUDGET, _SPENT} or type(line["fiscal_year"]) is not int:
        raise ValueError
    return line
