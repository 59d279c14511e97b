"""Workbooks: what a spreadsheet reads is what CSV says, and no text is a formula."""

import io
import zipfile

from analysis import Question
from analysis.arms import Arms
from analysis.effects import DifferenceInDifferences
from analysis.engine import Engine
from analysis.sheets import Sheet
from analysis.tables import notes
from analysis.workbooks import xlsx
from openpyxl import load_workbook


def test_an_answer(asked: Engine) -> None:
    """Each cell of an answer is there: numbers as numbers, what is not shown as nothing."""
    answer = asked.ask(Question("smoking", 2025, ("workplace", "sex")))
    page = load_workbook(io.BytesIO(xlsx(answer.sheet()))).active
    lines = list(page.iter_rows(values_only=True))
    blank = [tuple(entry or None for entry in line) for line in answer.sheet().lines]

    assert (lines[0], lines[1:]) == (answer.sheet().head, blank)
    assert {cell.value for cell in answer.cells if cell.people is None} == {None}
    assert answer.csv().splitlines()[0] == ",".join(answer.sheet().head)


def test_notes_come_along(asked: Engine) -> None:
    """What must be read with a comparison is the second page."""
    table = DifferenceInDifferences("smoking", Arms("workplace", "harbour"), 2024, 2025, ()).told(asked)
    book = load_workbook(io.BytesIO(xlsx(table.sheet())))
    said = [row[0] for row in book["notes"].iter_rows(values_only=True)]

    assert book.sheetnames == ["table", "notes"]
    assert said == [f"{name}: {notes()[name][language]}" for name in table.notes for language in ("en", "ja")]


def test_text_is_no_formula() -> None:
    """Whatever a text begins with it is text, also after somebody edits the cell: no formula is in the file."""
    texts = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")', "0901", "plain", "#REF!", "=", "'=1")
    content = xlsx(Sheet(texts, (texts, (*texts[:-1], None)), texts))
    book = load_workbook(io.BytesIO(content))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    parts = zipfile.ZipFile(io.BytesIO(content))
    pages = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]

    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}
    assert [cell.value for cell in book["notes"]["A"]] == list(texts)
    assert [b"<f>" in page or b"<f " in page for page in pages] == [False, False]
