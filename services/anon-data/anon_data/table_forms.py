"""The forms in which a table leaves: CSV, a workbook where it is asked for, and for notebooks Apache Arrow."""

from typing import Any, Literal

from analysis import Answer
from analysis.sheets import Sheet
from fastapi import Response

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ARROW = "application/vnd.apache.arrow.stream"
Form = Literal["csv", "xlsx", "arrow"]
_NAMED: tuple[tuple[str, Form], ...] = ((ARROW, "arrow"), (XLSX, "xlsx"))

SHEETS: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {}, XLSX: {}}}}
TABLES: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {}, XLSX: {}, ARROW: {}}}}
"""What OpenAPI says of routes that answer in these forms."""


class Table(Response):
    """A table in one of its forms."""

    def __init__(self, content: bytes, form: Form) -> None:
        media = {"csv": CSV, "xlsx": XLSX, "arrow": ARROW}[form]
        super().__init__(content, media_type=media, headers={"Vary": "Accept"})


def form_of(accept: str) -> Form:
    """Return the form that an Accept header names; CSV where it names none."""
    return next((form for media, form in _NAMED if media in accept), "csv")


def written(sheet: Sheet, form: Form, footer: str = "") -> bytes:
    """Return a sheet as a workbook, whose pages have a footer, or else as CSV."""
    if form != "xlsx":
        return sheet.csv().encode()
    from analysis.workbooks import xlsx  # noqa: PLC0415  # loads openpyxl

    return xlsx(sheet, footer)


def written_answer(answer: Answer, form: Form) -> bytes:
    """Return an answer in any form."""
    if form != "arrow":
        return written(answer.sheet(), form)
    from analysis.arrow import arrow  # noqa: PLC0415  # loads pyarrow

    return arrow(answer)
