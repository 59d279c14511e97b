"""特定健診 tables in the wide layout of the National Institute of Public Health: one person a line, one item a column.

CP932 or UTF-8. Lines that start with # are header lines, and one of them names the columns: those of the person in Japanese, those
of results by the 17-digit code. The layout has no programme; it is that of the specific checkup.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from health.items import by_code

from .cells import observe_cell
from .header import Fields, HeaderError, make_header, make_row
from .report import Accepted, Importer, Rejected
from .results import ResultError, item_code
from .rows import CheckupRow, Observation
from .tables import TableError, head_of, lines_of
from .terms import Term, term_of
from .text import fold, parse_date

Outcome = Accepted[CheckupRow] | Rejected

_WHERE = "table"
_PROGRAM = "010"
_HEADERS = 8
_COLUMNS = {
    "受診者保険者番号": "insurer_number",
    "受診者被保険者記号": "symbol",
    "受診者被保険者番号": "number",
    "受診者被保険者番号枝番": "branch",
    "受診者氏名": "kana_name",
    "受診者生年月日": "birth_date",
    "受診者性別": "sex",
    "受診券整理番号": "ticket",
    "健診実施年月日": "exam_date",
    "受診券有効期限": "ticket_ends",
}
_NEEDED = ("受診者保険者番号", "受診者被保険者番号", "受診者生年月日", "受診者性別", "健診実施年月日")


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which cell is what: fields of the person by name, and results by code."""

    width: int
    person: Mapping[str, int]
    results: Mapping[str, int]


@dataclass(slots=True)
class _Found:
    """What one line gave besides its header."""

    results: list[Observation] = field(default_factory=list)
    reports: list[Rejected] = field(default_factory=list)


def sniff(path: Path) -> bool:
    """Whether a header line names a member number's column in this layout."""
    return any(_names_columns(cells) for cells in head_of(path, _HEADERS))


def read(path: Path) -> Iterator[Outcome]:
    """Yield each line's row, then the reports on its single cells; the number of unknown items comes last."""
    unknown: Counter[str] = Counter()
    plan: _Plan | None = None
    try:
        for line, cells in lines_of(path):
            if cells[0].startswith("#"):
                if plan is None and _names_columns(cells):
                    plan, report = _plan(cells, line)
                    if report:
                        yield report
                        return
            elif plan is None:
                yield Rejected(_WHERE, line, "table-empty")
                return
            else:
                yield from _line(cells, line, plan, unknown)
    except TableError as problem:
        yield Rejected(_WHERE, problem.line, problem.code)
        return
    if plan is None:
        yield Rejected(_WHERE, None, "table-empty")
    if unknown:
        yield Rejected(_WHERE, None, "items-unknown", f"{unknown.total()} results, {len(unknown)} codes")


def _names_columns(cells: Sequence[str]) -> bool:
    return bool(cells) and cells[0].startswith("#") and "受診者被保険者番号" in cells


def _plan(cells: Sequence[str], line: int) -> tuple[_Plan, Rejected | None]:
    names = [fold(cell.removeprefix("#")) for cell in cells]
    repeated = sorted({_COLUMNS.get(name, "item") for name in names if name and names.count(name) > 1})
    missing = [_COLUMNS[name] for name in _NEEDED if name not in names]
    person = {_COLUMNS[name]: at for at, name in enumerate(names) if name in _COLUMNS}
    plan = _Plan(len(names), person, {name: at for at, name in enumerate(names) if _is_code(name)})
    if missing:
        return plan, Rejected(_WHERE, line, "columns-missing", ", ".join(missing))
    return plan, Rejected(_WHERE, line, "columns-repeated", ", ".join(repeated)) if repeated else None


def _is_code(name: str) -> bool:
    try:
        return item_code(name) == name
    except ResultError:
        return False


def _line(cells: Sequence[str], line: int, plan: _Plan, unknown: Counter[str]) -> Iterator[Outcome]:
    if len(cells) != plan.width:
        yield Rejected(_WHERE, line, "cells-mismatch")
        return
    said = {name: cells[at] for name, at in plan.person.items()}
    ends = parse_date(fold(said.pop("ticket_ends", "")))
    try:
        header = make_header(Fields(**said, program_code=_PROGRAM), missing="field-missing")
    except HeaderError as refusal:
        yield Rejected(_WHERE, line, refusal.code, refusal.part)
        return
    found = _results(cells, line, plan, term_of(header.exam_date))
    unknown.update(one.code for one in found.results if one.code not in by_code())
    yield Accepted(_WHERE, line, make_row(header, found.results))
    yield from found.reports
    if ends is not None and header.exam_date > ends:
        yield Rejected(_WHERE, line, "ticket-expired")


def _results(cells: Sequence[str], line: int, plan: _Plan, term: Term) -> _Found:
    found = _Found()
    for code, at in plan.results.items():
        try:
            if one := observe_cell(code, cells[at], term):
                found.results.append(one)
        except ResultError as refusal:
            found.reports.append(Rejected(_WHERE, line, refusal.code, refusal.item))
    return found


IMPORTER = Importer("checkup-niph", sniff, read)
