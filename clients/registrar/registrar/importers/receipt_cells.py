"""The cells of one record: cut trailing cells are empty, numbers and codes are folded, words stay as written."""

import re
from datetime import date
from decimal import Decimal

from .receipt_dates import parse_day, parse_month
from .receipt_lines import Record
from .text import fold

_AMOUNT = re.compile(r"\d{1,8}(?:\.\d{1,5})?", re.ASCII)


class CellError(Exception):
    """A cell that is needed is missing, or one cannot be used; `about` names it in our words."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


class Cells:
    """The cells of one record by position; position 0 is the record id."""

    def __init__(self, record: Record) -> None:
        self._name = record.name
        if record.cells is None:
            raise CellError(f"{record.name} line")
        self._cells = record.cells

    def error(self, what: str) -> CellError:
        """Return the error that names the record and the cell."""
        return CellError(f"{self._name} {what}")

    def plain(self, at: int) -> str:
        """Return a cell NFKC-folded, "" where it is empty or cut off."""
        return fold(self._cells[at]) if at < len(self._cells) else ""

    def filled(self, first: int, last: int) -> list[int]:
        """Return the positions from first to last whose cells are not empty."""
        return [at for at, cell in enumerate(self._cells[first : last + 1], first) if cell and not cell.isspace()]

    def words(self, at: int, what: str, longest: int) -> str:
        """Return a cell as written, without white space at its ends."""
        text = self._cells[at].strip() if at < len(self._cells) else ""
        if len(text) > longest:
            raise self.error(what)
        return text

    def code(self, at: int, what: str, *lengths: int) -> str:
        """Return a cell of so many digits."""
        text = self.plain(at)
        if not (text.isascii() and text.isdigit() and len(text) in lengths):
            raise self.error(what)
        return text

    def code_or_none(self, at: int, what: str, *lengths: int) -> str | None:
        """Return a cell of so many digits, None where it is empty."""
        return self.code(at, what, *lengths) if self.plain(at) else None

    def number(self, at: int, what: str) -> int:
        """Return a whole number of at most 9 digits."""
        return int(self.code(at, what, *range(1, 10)))

    def number_or_none(self, at: int, what: str) -> int | None:
        """Return a whole number of at most 9 digits, None where the cell is empty."""
        return self.number(at, what) if self.plain(at) else None

    def amount_or_none(self, at: int, what: str) -> Decimal | None:
        """Return a number with at most 5 places after the point, None where the cell is empty."""
        text = self.plain(at)
        if text and not _AMOUNT.fullmatch(text):
            raise self.error(what)
        return Decimal(text) if text else None

    def day(self, at: int, what: str) -> date:
        """Return a date, Gregorian or by era."""
        day = parse_day(self.plain(at))
        if day is None:
            raise self.error(what)
        return day

    def month(self, at: int, what: str) -> date:
        """Return a month's first day, Gregorian or by era."""
        month = parse_month(self.plain(at))
        if month is None:
            raise self.error(what)
        return month
