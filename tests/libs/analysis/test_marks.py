"""Files that leave: as they left they are known, whatever wrote them anew; altered, cut or unmarked they are told."""

import io
from datetime import date
from pathlib import Path

import pytest
from analysis import Question
from analysis.__main__ import main
from analysis.engine import Engine
from analysis.errors import ExportUnusable
from analysis.marks import HEAD, Watermark, digest_of, export_key, marked, verify
from analysis.sheets import Entry, Sheet
from analysis.workbooks import xlsx
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

KEY = bytes(range(32))
MARK = Watermark("0f" * 16, "desk-1", "desk-2", date(2026, 11, 27), "2026-11", digest_of({"measures": "aa", "variables": "bb"}))
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cn", "Co")), max_size=12)
NUMBERS = st.integers(-(10**9), 10**9) | st.integers(-9999, 9999).map(lambda one: one / 10)
ENTRIES: st.SearchStrategy[Entry] = st.none() | NUMBERS | TEXTS


@pytest.fixture(scope="module")
def sheet(asked: Engine) -> Sheet:
    return asked.ask(Question("smoking", 2025, ("workplace", "sex"))).sheet()


def edited(content: bytes, row: int, column: int, value: Entry) -> bytes:
    book = load_workbook(io.BytesIO(content))
    book["table"].cell(row, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_file_says_who_let_it_leave(sheet: Sheet) -> None:
    """Each line bears the watermark and a seal of its own; the page of a workbook is printed with it; both are as they left."""
    left = marked(sheet, MARK, KEY)
    book = load_workbook(io.BytesIO(xlsx(left, MARK.text)))
    said = (
        f"export {MARK.export}, asked by desk-1, approved by desk-2, 2026-11-27, snapshot 2026-11, definitions {MARK.definitions}"
    )

    assert left.head[-2:] == HEAD
    assert {line[-2] for line in left.lines} == {said}
    assert len({line[-1] for line in left.lines}) == len(sheet.lines)
    assert book["table"].oddFooter.center.text == said
    assert [verify(content, KEY) for content in (left.csv().encode(), xlsx(left), edited(xlsx(left), 99, 1, None))] == [said] * 3


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(ENTRIES, TEXTS, ENTRIES), min_size=1, max_size=5))
def test_any_sheet(lines: list[tuple[Entry, ...]]) -> None:
    """Whatever stands in it, a file is known as it left, as CSV and as a workbook, and not by another key."""
    left = marked(Sheet(("a", "b", "c"), tuple(lines)), MARK, KEY)
    for content in (left.csv().encode(), xlsx(left)):
        assert verify(content, KEY) == MARK.text
        with pytest.raises(ExportUnusable, match="altered"):
            verify(content, bytes(32))


def test_altered(sheet: Sheet) -> None:
    """A number, a word, the head, the watermark, a line that is missing, added or moved: each is told, and a plain copy too."""
    left = marked(sheet, MARK, KEY)
    other = marked(sheet, Watermark("1e" * 16, "desk-1", "desk-2", MARK.day, "2026-11", MARK.definitions), KEY)
    lines = left.csv().splitlines(keepends=True)
    place = sheet.head.index("people") + 1
    row = next(at for at, line in enumerate(sheet.lines, 2) if line[place - 1] is not None)
    files = {
        "altered: lines 3 ": "".join([*lines[:3], lines[3].replace("harbour", "mill").replace("male", "men"), *lines[4:]]),
        "altered: lines 1, 2": left.csv().replace("people", "persons", 1),
        "altered: lines 1,": left.csv().replace("desk-2", "desk-3"),
        "altered: of": "".join(lines[:-1]),
        "altered: of .* elsewhere": "".join([lines[0], lines[2], lines[1], *lines[3:]]),
        "altered: of .* twice": "".join([*lines, lines[-1]]),
        "several": "".join([*lines[:-1], other.csv().splitlines(keepends=True)[-1]]),
        "unmarked": sheet.csv(),
        "altered: lines": left.csv().replace("1/", "2/", 1),
    }
    for said, text in files.items():
        with pytest.raises(ExportUnusable, match=said):
            verify(text.encode(), KEY)
    with pytest.raises(ExportUnusable, match=f"altered: lines {row - 1} "):
        verify(edited(xlsx(left), row, place, 5), KEY)
    for content in (b"", b"PK\3\4", b"\xff\xfe", xlsx(sheet)):
        with pytest.raises(ExportUnusable):
            verify(content, KEY)


def test_the_command(sheet: Sheet, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The operator's command says who let a file leave, or what is wrong with it; it makes no key."""
    file = tmp_path / "left.csv"
    file.write_text(sheet.csv(), encoding="utf-8")
    command = ["verify", str(file), "--shelf", str(tmp_path)]
    done = [main(command)]
    assert not (tmp_path / ".export-key").exists()
    key = export_key(tmp_path)
    done.append(main(command))
    file.write_text(marked(sheet, MARK, key).csv(), encoding="utf-8", newline="")
    done.append(main(command))
    printed = capsys.readouterr()

    assert done == [1, 1, 0]
    assert printed.out == f"as it left: {MARK.text}\n"
    assert ["cannot be read" in printed.err, "unmarked" in printed.err] == [True, True]
    assert (export_key(tmp_path), len(key), (tmp_path / ".export-key").stat().st_mode & 0o777) == (key, 32, 0o600)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".export-key", "left.csv"]
