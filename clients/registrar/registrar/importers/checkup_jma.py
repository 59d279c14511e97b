"""日医フォーマット, the Japan Medical Association's layout: one person a line, no header line, each result eight fields.

Shift_JIS (read as CP932) or UTF-8, every field in quotation marks. The layout has no member number: it knows people by the ticket
that the insurer issued, so that a table of tickets (`tickets_csv.py`) must come with it. It has no programme; it is that of the
specific checkup. A value marked as a bound, not a measurement, counts as beyond the range.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from health.items import by_code

from .dates import any_of, parse_era
from .header import Fields, HeaderError, make_header, make_row
from .report import Accepted, Importer, Rejected
from .results import Raw, ResultError, item_code, kind_in_table, observe
from .rows import CheckupRow, Observation, Status
from .tables import TableError, head_of, lines_of
from .terms import Term, term_of
from .text import fold, parse_date

Outcome = Accepted[CheckupRow] | Rejected

_WHERE = "table"
_PROGRAM = "010"
_WORD = "KENSA"
_HEADER, _RESULT = 13, 8
_NUMBER, _NAME, _DAY, _TICKET, _KANA, _BIRTH, _SEX = 1, 2, 5, 7, 8, 9, 10
_CODE, _DONE, _ABNORMAL, _FORM, _VALUE, _UNIT = 0, 2, 3, 4, 5, 6
_STATUS: Mapping[str, Status] = {"0": "not-done", "": "measured", "1": "measured", "2": "not-measurable"}
_BOUNDS: Mapping[str, Status] = {"": "measured", "E": "below-range", "L": "below-range", "U": "above-range"}
"""結果値形態: E up to, L below, U from."""
_ABNORMAL_MARKS: Mapping[str, str | None] = {"": None, "H": "H", "L": "L", "!": None}
_DAYS = any_of((parse_date, parse_era))


def sniff(path: Path) -> bool:
    """Whether the first line begins with this layout's word and has a header's fields."""
    return any(fold(cells[0]) == _WORD and len(cells) >= _HEADER for cells in head_of(path, 1) if cells)


def read(path: Path) -> Iterator[Outcome]:
    """Yield each line's row, then the reports on its single results; the number of unknown items comes last."""
    unknown: Counter[str] = Counter()
    try:
        for line, cells in lines_of(path):
            yield from _line(cells, line, unknown)
    except TableError as problem:
        yield Rejected(_WHERE, problem.line, problem.code)
        return
    if unknown:
        yield Rejected(_WHERE, None, "items-unknown", f"{unknown.total()} results, {len(unknown)} codes")


def _line(cells: Sequence[str], line: int, unknown: Counter[str]) -> Iterator[Outcome]:
    if fold(cells[0]) != _WORD or len(cells) < _HEADER or (len(cells) - _HEADER) % _RESULT:
        yield Rejected(_WHERE, line, "cells-mismatch")
        return
    fields = Fields(
        kana_name=cells[_KANA],
        birth_date=cells[_BIRTH],
        sex=cells[_SEX],
        exam_date=cells[_DAY],
        program_code=_PROGRAM,
        institution_number=cells[_NUMBER],
        institution_name=cells[_NAME],
        ticket=cells[_TICKET],
    )
    try:
        header = make_header(fields, missing="field-missing", by_ticket=True, day=_DAYS)
    except HeaderError as refusal:
        yield Rejected(_WHERE, line, refusal.code, refusal.part)
        return
    reports: list[Rejected] = []
    found = list(_results(cells, line, term_of(header.exam_date), reports))
    unknown.update(one.code for one in found if one.code not in by_code())
    yield Accepted(_WHERE, line, make_row(header, found))
    yield from reports


def _results(cells: Sequence[str], line: int, term: Term, reports: list[Rejected]) -> Iterator[Observation]:
    seen: set[str] = set()
    for start in range(_HEADER, len(cells), _RESULT):
        result = [fold(cell) for cell in cells[start : start + _RESULT]]
        if not any(result):
            continue
        try:
            found = _result(result, term)
        except ResultError as refusal:
            reports.append(Rejected(_WHERE, line, refusal.code, refusal.item))
            continue
        if found is not None and found.code in seen:
            reports.append(Rejected(_WHERE, line, "item-repeated", found.code if found.name else ""))
        elif found is not None:
            seen.add(found.code)
            yield found


def _result(result: Sequence[str], term: Term) -> Observation | None:
    """Type one result, None for one that was made without saying what came out."""
    code = item_code(result[_CODE])
    done, form, abnormal = result[_DONE], result[_FORM].upper(), result[_ABNORMAL].upper()
    if done not in _STATUS or form not in _BOUNDS or abnormal not in _ABNORMAL_MARKS:
        raise ResultError("item-mark-unknown", code)
    kind = kind_in_table(code)
    status = _STATUS[done]
    if status == "measured" and not result[_VALUE]:
        if done:
            raise ResultError("item-value-missing", code)
        return None
    if status == "measured" and kind == "PQ":
        status = _BOUNDS[form]
    return observe(
        Raw(code, kind, result[_VALUE], unit=result[_UNIT], status=status, interpretation=_ABNORMAL_MARKS[abnormal], term=term)
    )


IMPORTER = Importer("checkup-jma", sniff, read)
