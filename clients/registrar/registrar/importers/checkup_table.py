"""Tables of checkups that a profile (`profile.py`) describes: one person a line, under a header line or without one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from health.items import CHOICE_ROOT, by_code

from .dates import FORMS, Form, any_of
from .header import Fields, HeaderError, make_header, make_row
from .profile import ItemColumn, Profile, numbered
from .report import Accepted, Importer, Rejected
from .results import Raw, ResultError, observe
from .rows import CheckupRow, Observation, Status
from .tables import ENCODINGS, Layout, TableError, head_of, lines_of
from .terms import Term, term_of
from .text import fold

Outcome = Accepted[CheckupRow] | Rejected

_WHERE = "table"


def importer_of(profile: Profile) -> Importer[CheckupRow]:
    """Return an importer of tables whose header line has every column that the profile names."""
    table = _Table(profile)
    return Importer(f"checkup-profile-{profile.name}", table.sniff, table.read)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where each column stands in one table."""

    width: int
    places: Mapping[str, int]


class _Table:
    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        encoding = next(one for one in ENCODINGS if one.startswith(profile.encoding))
        self._layout = Layout((encoding,), profile.delimiter)
        self._day: Form = any_of([FORMS[name] for name in profile.dates])
        words = profile.words
        self._marks: dict[str, Status] = dict.fromkeys(words.not_done, "not-done")
        self._marks |= dict.fromkeys(words.not_measurable, "not-measurable")
        self._marks |= dict.fromkeys(words.above, "above-range")
        self._marks |= dict.fromkeys(words.below, "below-range")

    def sniff(self, path: Path) -> bool:
        """Whether the header line has every column that the profile names; without one whether the first line can be a person's."""
        if self._profile.width is not None:
            return any(self._is_person(cells) for cells in head_of(path, 1, self._layout))
        head = head_of(path, self._profile.header_line, self._layout)
        return len(head) == self._profile.header_line and set(self._profile.headers) <= {fold(cell) for cell in head[-1]}

    def _is_person(self, cells: Sequence[str]) -> bool:
        """Whether a line has as many cells as the profile says, two days and a sex among them, where they should stand."""
        if len(cells) != self._profile.width:
            return False
        columns = self._profile.columns
        at = dict(zip(numbered(len(cells)), map(fold, cells), strict=True))
        days = (self._day(at[columns.birth_date]), self._day(at[columns.exam_date]))
        return None not in days and at[columns.sex] in self._profile.sex

    def read(self, path: Path) -> Iterator[Outcome]:
        """Yield each line's row, then the reports on its single cells."""
        plan, lines = self._without_header(), 0
        try:
            for line, cells in lines_of(path, self._layout):
                lines += 1
                if line < self._profile.header_line:
                    continue
                if plan is not None:
                    yield from self._line(cells, line, plan)
                    continue
                plan, report = self._plan(cells, line)
                if report:
                    yield report
                    return
        except TableError as problem:
            yield Rejected(_WHERE, problem.line, problem.code)
            return
        if plan is None or not lines:
            yield Rejected(_WHERE, None, "table-empty")

    def _without_header(self) -> _Plan | None:
        """Return where columns stand in a table that has no header line."""
        width = self._profile.width
        return None if width is None else _Plan(width, {name: at for at, name in enumerate(numbered(width))})

    def _plan(self, cells: Sequence[str], line: int) -> tuple[_Plan, Rejected | None]:
        names = [fold(cell) for cell in cells]
        plan = _Plan(len(names), {name: at for at, name in enumerate(names)})
        if not set(self._profile.headers) <= set(names):
            return plan, Rejected(_WHERE, line, "columns-missing")
        repeated = any(names.count(name) > 1 for name in self._profile.headers)
        return plan, Rejected(_WHERE, line, "columns-repeated") if repeated else None

    def _line(self, cells: Sequence[str], line: int, plan: _Plan) -> Iterator[Outcome]:
        if len(cells) != plan.width:
            yield Rejected(_WHERE, line, "cells-mismatch")
            return
        try:
            fields = self._fields({name: cells[at] for name, at in plan.places.items()})
            by_ticket = self._profile.columns.number is None
            header = make_header(fields, missing="field-missing", by_ticket=by_ticket, day=self._day)
        except HeaderError as refusal:
            yield Rejected(_WHERE, line, refusal.code, refusal.part)
            return
        reports: list[Rejected] = []
        term, found = term_of(header.exam_date), list[Observation]()
        for column in self._profile.items:
            try:
                if one := self._result(column, cells, plan, term):
                    found.append(one)
            except ResultError as refusal:
                reports.append(Rejected(_WHERE, line, refusal.code, refusal.item))
        yield Accepted(_WHERE, line, make_row(header, found))
        yield from reports

    def _fields(self, cells: Mapping[str, str]) -> Fields:
        columns, constants = self._profile.columns.model_dump(), self._profile.constants.model_dump()
        said = {name: value for name, value in constants.items() if value is not None}
        said |= {name: cells[header] for name, header in columns.items() if header is not None}
        said["sex"] = self._profile.sex.get(fold(said["sex"]), "")
        if columns["program_code"] is not None and self._profile.programs is not None:
            program = self._profile.programs.get(fold(said["program_code"]))
            if program is None:
                raise HeaderError("program-unknown")
            said["program_code"] = program
        return Fields(**said)

    def _result(self, column: ItemColumn, cells: Sequence[str], plan: _Plan, term: Term) -> Observation | None:
        """Type one cell; None for an empty one."""
        cell = fold(cells[plan.places[column.column]])
        if not cell:
            return None
        kind = by_code()[column.code].kind
        status: Status = "measured"
        if cell in self._marks and (kind == "PQ" or self._marks[cell] in ("not-done", "not-measurable")):
            status = self._marks[cell]
        elif column.values is not None:
            if cell not in column.values:
                raise ResultError("item-choice-unknown", column.code)
            cell = column.values[cell]
        flag = fold(cells[plan.places[column.flag]]).upper() if column.flag else None
        system = f"{CHOICE_ROOT}{column.choices}" if column.choices else ""
        listed = None if column.choices else term
        return observe(Raw(column.code, kind, cell, column.unit, system, status, flag, term=listed, converted=bool(column.unit)))
