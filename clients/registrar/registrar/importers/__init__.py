"""Reading what insurers receive. Each module of this folder that defines `IMPORTER` is one format; dropping one in adds it.

`find(path)` asks each importer whether the file is its kind; `IMPORTER.read(path)` yields `Accepted` rows and `Rejected` reports
in file order. `rehearse(path)` reads everything and keeps nothing but counts and reports. `by_profile(paths)` makes importers for
tables that profiles describe. Reports never hold a person's data: a place (line, or position in the archive), a code of `codes.py`
and its sentence.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from .checkup_table import importer_of
from .codes import CODES, Code, Scope
from .profile import load_profile
from .receipt_rows import ReceiptRow
from .report import Accepted, Importer, Rehearsal, Rejected
from .rows import CheckupRow, EligibilityRow, GuidanceRow, Institution, Observation, ScreeningRow, Sex, Status, TicketRow

__all__ = [
    "CODES",
    "Accepted",
    "CheckupRow",
    "Code",
    "EligibilityRow",
    "GuidanceRow",
    "Importer",
    "Institution",
    "Observation",
    "ReceiptRow",
    "Rehearsal",
    "Rejected",
    "Scope",
    "ScreeningRow",
    "Sex",
    "Status",
    "TicketRow",
    "by_profile",
    "discover",
    "find",
    "rehearse",
]


@cache
def discover() -> tuple[Importer[object], ...]:
    """Every importer in this folder, by name."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    importers = (getattr(module, "IMPORTER", None) for module in modules)
    return tuple(sorted((one for one in importers if isinstance(one, Importer)), key=lambda one: one.name))


def find(path: Path, added: Sequence[Importer[object]] = ()) -> Importer[object] | None:
    """Return the importer that recognises the file's content, or None; those `added` (made from profiles) are asked first."""
    return next((importer for importer in (*added, *discover()) if importer.sniff(path)), None)


def by_profile(paths: Sequence[Path]) -> tuple[Importer[object], ...]:
    """Return an importer for each profile. RegistrarError for a file that is none."""
    return tuple(importer_of(load_profile(path)) for path in paths)


def rehearse(path: Path, importer: Importer[object] | None = None) -> Rehearsal:
    """Read a whole file without handing out a row: how many would be accepted, and every report."""
    reader = importer or find(path)
    outcomes: Iterator[Accepted[object] | Rejected] = (
        iter((Rejected("file", None, "format-unknown"),)) if reader is None else reader.read(path)
    )
    accepted, reports = 0, []
    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            reports.append(outcome)
        else:
            accepted += 1
    return Rehearsal(reader.name if reader else None, accepted, tuple(reports), Counter(one.code for one in reports))
