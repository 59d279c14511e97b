"""From a registered table to a file that may leave: counted, spent for, drawn, kept, and never drawn again."""

import csv
import io
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import product
from pathlib import Path

from analysis.backends import DuckDB
from analysis.errors import SnapshotUnusable
from analysis.policy import ANALYST
from analysis.public.errors import NotReleased
from analysis.public.ledger import turn
from analysis.public.noise import CELLS_OF_ONE, Drawn, Noise
from analysis.public.tables import PublicTable
from analysis.questions import Plan
from analysis.snapshots import MEMBER_YEARS, Snapshot
from analysis.variables import UNKNOWN

_EVERYBODY = replace(ANALYST, floor=0)
Cell = tuple[str, ...]


def release(table: PublicTable, year: int, snapshot: Snapshot, ledger: Path, noise: Noise) -> Path:
    """Return the file of a table, which is drawn and spent for the first time and is the same file ever after; raise NotReleased.

    The same: of one definition, year and snapshot. Where the file was lost it is another one, and spends again.
    """
    if year not in snapshot.manifest.fiscal_years:
        raise NotReleased(f"the snapshot has no fiscal year {year}")
    asked, definitions = table.asked(year), table.digest(year)
    named = json.dumps([definitions, year, snapshot.month, snapshot.manifest.files[MEMBER_YEARS]])
    name = sha256(named.encode()).hexdigest()[:32]
    file = ledger / "tables" / f"{name}.csv"
    with turn(ledger) as mine:
        if not file.exists():
            cells, counts = _counted(asked, snapshot)
            about = {"table": table.name, "version": table.version, "snapshot": snapshot.month, "definitions": definitions}
            mine.spend(year, table.epsilon, {**about, "release": name})
            drawn = noise(counts, table.epsilon)
            _keep(file, _head(table, year, snapshot, definitions, drawn) + _rows(asked, cells, drawn.counts))
    return file


def _counted(asked: Plan, snapshot: Snapshot) -> tuple[list[Cell], list[int]]:
    """Return every cell that there could be, and of each how many are counted and how many not, one after the other.

    Whoever is in a year at all is in one of these numbers, once.
    """
    cells = list(product(*((*(rung.levels or ()), UNKNOWN) for rung in asked.by)))
    backend = DuckDB(snapshot)
    rows = backend.member_years.filter(backend.member_years.fiscal_year == asked.years[0])
    twice = backend.connection.to_pyarrow(rows.aggregate(twice=rows.count() - rows.person.nunique()))["twice"][0].as_py()
    if twice:
        raise SnapshotUnusable("somebody is in a fiscal year twice")
    found = {tuple(UNKNOWN if level is None else level for level in row[1:-2]): row[-2:] for row in backend.rows(asked, _EVERYBODY)}
    counts = []
    for cell in cells:
        people, counted = found.get(cell, (0, 0))
        counts += [counted, people - counted]
    return cells, counts


def _head(table: PublicTable, year: int, snapshot: Snapshot, definitions: str, drawn: Drawn) -> str:
    said = {
        "table": f"{table.name}, version {table.version}",
        "title": f"{table.title['en']} / {table.title['ja']}",
        "fiscal year": year,
        "snapshot": snapshot.month,
        "measure": table.measure,
        "epsilon": table.epsilon,
        "delta": 0,
        "mechanism": drawn.mechanism,
        "neighbours": f"snapshots that differ by one person; each is in {CELLS_OF_ONE} of the numbers",
        "definitions": f"sha256 {definitions}",
    }
    return "".join(f"# {name}: {value}\r\n" for name, value in said.items())


def _rows(asked: Plan, cells: Sequence[Cell], counts: Sequence[int]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(rung.text for rung in asked.by), "counted", "not_counted"])
    writer.writerows([*cell, *counts[2 * place : 2 * place + 2]] for place, cell in enumerate(cells))
    return out.getvalue()


def _keep(file: Path, text: str) -> None:
    """Write a whole file, on the disk before it has its name."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    draft = file.with_suffix(".draft")
    with draft.open("w", encoding="utf-8", newline="") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
