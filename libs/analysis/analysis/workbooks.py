"""A sheet as a workbook for spreadsheets (Office Open XML, ECMA-376). Loads openpyxl."""

import io
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from analysis.errors import ExportUnusable
from analysis.sheets import Entry, Sheet

FORM = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""Its media type."""
_TEXT, _WIDTH = "s", 14


def xlsx(sheet: Sheet, footer: str = "") -> bytes:
    """Return a workbook with the table, and its notes on a second page; what is not shown is an empty cell.

    The footer is printed below each page.

    Text is text, whatever it begins with: no program takes it for a formula, also not when somebody edits the cell.
    """
    book = Workbook()
    page: Worksheet = book.active
    page.title = "table"
    for column, name in enumerate(sheet.head, 1):
        _put(page, 1, column, name).font = Font(bold=True)
        page.column_dimensions[page.cell(1, column).column_letter].width = max(_WIDTH, len(name) + 2)
    for row, line in enumerate(sheet.lines, 2):
        for column, entry in enumerate(line, 1):
            _put(page, row, column, entry)
    page.freeze_panes = "A2"
    page.oddFooter.center.text = footer.replace("&", "&&")
    if sheet.notes:
        beside: Worksheet = book.create_sheet("notes")
        for row, note in enumerate(sheet.notes, 1):
            _put(beside, row, 1, note)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> list[tuple[Entry, ...]]:
    """Return the lines of a workbook's first page, the head first; raise ExportUnusable."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True)
        return [tuple(line) for line in book.worksheets[0].iter_rows(values_only=True)]
    except (OSError, ValueError, KeyError, IndexError, BadZipFile):
        raise ExportUnusable("this workbook cannot be read") from None


def _put(page: Worksheet, row: int, column: int, entry: Entry) -> Cell:
    cell: Cell = page.cell(row, column)
    cell.value = entry
    if isinstance(entry, str):
        cell.data_type = _TEXT
        cell.quotePrefix = True
    return cell
