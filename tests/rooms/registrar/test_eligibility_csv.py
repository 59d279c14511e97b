"""The eligibility table as insurers may send it."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registrar.importers import CODES, Accepted, EligibilityRow, Rejected, find, rehearse
from registrar.importers.eligibility_columns import COLUMNS
from registrar.importers.eligibility_csv import IMPORTER, read

GOOD = {
    "insurer_number": "06990019",
    "symbol": "101",
    "number": "100007",
    "branch": "00",
    "relation": "本人",
    "qualification": "1",
    "kanji_name": "架空谷 もふ太郎",
    "kana_name": "カクウダニ モフタロウ",
    "birth_date": "1970-04-01",
    "sex": "1",
    "postcode": "000-0101",
    "address": "架空県試験市見本町1丁目1番1号",
    "telephone": "00-0000-0001",
    "email": "m1@example.jp",
    "acquired": "1992-04-01",
    "lost": "",
    "loss_reason": "",
    "site_code": "S0001",
    "site_name": "架空製作所",
    "department_code": "S0001-01",
    "department_name": "総務部",
    "work_id": "W0001000001",
}
HEADERS = {column.name: column.header for column in COLUMNS}


def table(*lines: dict[str, str], english: bool = False, omit: tuple[str, ...] = ()) -> str:
    """Write a table with these lines, each a change to the good one."""
    names = [name for name in GOOD if name not in omit]
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(name if english else HEADERS[name] for name in names)
    writer.writerows([(GOOD | line)[name] for name in names] for line in lines)
    return out.getvalue()


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "members.txt"
    path.write_bytes(text.encode(encoding))
    return path


def rows(path: Path) -> list[EligibilityRow]:
    return [outcome.row for outcome in read(path) if isinstance(outcome, Accepted)]


def reports(path: Path) -> list[tuple[int | None, str, str]]:
    return [(one.line, one.code, one.about) for one in read(path) if isinstance(one, Rejected)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("english", [True, False])
def test_good_row(tmp_path: Path, encoding: str, english: bool) -> None:
    """Either header language in any of the encodings gives the same typed row."""
    path = write(tmp_path, table({}, english=english), encoding)

    (row,) = rows(path)

    assert (row.birth_date, row.acquired, row.lost) == (date(1970, 4, 1), date(1992, 4, 1), None)
    assert (row.sex, row.relation, row.insured, row.qualification) == ("male", "self", True, "1")
    assert {name: getattr(row, name) for name in ("kana_name", "work_id", "address")} == {
        name: GOOD[name] for name in ("kana_name", "work_id", "address")
    }
    assert (reports(path), find(path)) == ([], IMPORTER)


def test_full_width_is_folded(tmp_path: Path) -> None:
    """Full-width digits, half-width kana and unpadded numbers are harmless."""
    line = {
        "insurer_number": "６９９００１９",
        "number": "１００００７",
        "branch": "０",
        "sex": "女",
        "birth_date": "１９７０／４／１",
        "acquired": "19920401",
        "kana_name": "ｶｸｳﾀﾞﾆ ﾓﾌｺ",
    }

    (row,) = rows(write(tmp_path, table(line)))

    assert (row.insurer_number, row.number, row.branch) == ("06990019", "100007", "00")
    assert (row.sex, row.birth_date, row.acquired) == ("female", date(1970, 4, 1), date(1992, 4, 1))
    assert row.kana_name == "カクウダニ モフコ"


def test_missing_columns(tmp_path: Path) -> None:
    """Missing columns are one report for the file, naming our own columns."""
    path = write(tmp_path, table({}, omit=("sex", "birth_date", "telephone")))

    assert (rows(path), reports(path)) == ([], [(1, "columns-missing", "birth_date, sex")])


def test_repeated_column(tmp_path: Path) -> None:
    """A column named twice, once in each language, refuses the file."""
    header, line, _ = table({}).split("\r\n")
    path = write(tmp_path, f"{header},sex\r\n{line},2\r\n")

    assert reports(path) == [(1, "columns-repeated", "sex")]


def test_optional_columns_may_be_absent(tmp_path: Path) -> None:
    """Columns nobody needs may be left out, and unknown ones are passed over."""
    header, line, _ = table({}, omit=("telephone", "work_id", "kanji_name")).split("\r\n")

    (row,) = rows(write(tmp_path, f"{header},メモ\r\n{line},x\r\n"))

    assert (row.telephone, row.work_id, row.kanji_name) == ("", "", "")


@pytest.mark.parametrize(
    ("line", "code", "about"),
    [
        ({"birth_date": "1970-02-30"}, "date-bad", "birth_date"),
        ({"birth_date": "S45.4.1"}, "date-bad", "birth_date"),
        ({"birth_date": "1899-12-31"}, "date-bad", "birth_date"),
        ({"birth_date": "2101-01-01", "acquired": "2101-01-02"}, "date-bad", "birth_date"),
        ({"acquired": "199241"}, "date-bad", "acquired"),
        ({"lost": "soon"}, "date-bad", "lost"),
        ({"lost": "1990-01-01"}, "dates-disordered", ""),
        ({"birth_date": "1993-01-01"}, "dates-disordered", ""),
        ({"sex": "3"}, "sex-bad", ""),
        ({"relation": "友"}, "relation-unknown", ""),
        ({"qualification": "8"}, "qualification-unknown", ""),
        ({"number": "12-3"}, "member-number-bad", ""),
        ({"insurer_number": "保険"}, "member-number-bad", ""),
        ({"number": ""}, "field-missing", "number"),
        ({"kana_name": "　"}, "field-missing", "kana_name"),
        ({"symbol": "9" * 21}, "field-too-long", "symbol"),
        ({"address": "あ" * 201}, "field-too-long", "address"),
        ({"kana_name": "カク\x07ウ"}, "control-character", "kana_name"),
        ({"kana_name": "カク\nウ"}, "control-character", "kana_name"),
        ({"email": "nobody"}, "email-bad", ""),
    ],
)
def test_refused_row(tmp_path: Path, line: dict[str, str], code: str, about: str) -> None:
    """A wrong field refuses its line alone, by line number, code and column."""
    path = write(tmp_path, table({"number": "1"}, line, {"number": "2"}))

    assert ([row.number for row in rows(path)], reports(path)) == (["1", "2"], [(3, code, about)])


def test_repeated_member(tmp_path: Path) -> None:
    """The same member in another spelling: the first line is kept, later ones are refused."""
    path = write(tmp_path, table({"kana_name": "ア"}, {"branch": "01"}, {"number": "０１００００７", "kana_name": "イ"}))

    assert [row.kana_name for row in rows(path)] == ["ア", GOOD["kana_name"]]
    assert reports(path) == [(4, "member-repeated", "")]


def test_cells_and_blank_lines(tmp_path: Path) -> None:
    """Lines of another length are refused; blank lines are nothing."""
    path = write(tmp_path, table({}) + "\r\n06990019,1\r\n")

    assert (len(rows(path)), reports(path)) == (1, [(4, "cells-mismatch", "")])


def test_broken_quoting(tmp_path: Path) -> None:
    """Quoting that never closes is reported where it begins; the lines before it were read."""
    path = write(tmp_path, table({}) + '"06990019,1\r\n1,2\r\n')

    assert (len(rows(path)), reports(path)) == (1, [(3, "table-broken", "")])


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "table-empty"), (b"\r\n", "table-empty"), (b"\x81", "encoding-unknown"), (b"a,b\r\n", "columns-missing")],
)
def test_not_a_table(tmp_path: Path, content: bytes, code: str) -> None:
    """Files that are no such table give one report and are recognised by no importer."""
    path = tmp_path / "x"
    path.write_bytes(content)

    assert ([found for _, found, _ in reports(path)], find(path)) == ([code], None)


def test_absent_file(tmp_path: Path) -> None:
    """A file that cannot be opened is a report, not a crash."""
    assert [code for _, code, _ in reports(tmp_path / "nothing")] == ["file-unreadable"]


def test_rehearsal(tmp_path: Path) -> None:
    """A dry run counts what would be accepted and keeps no row."""
    outcome = rehearse(write(tmp_path, table({}, {"sex": "9"}, {"number": "5"})))

    assert (outcome.importer, outcome.accepted, outcome.clean, outcome.counts) == ("eligibility-csv", 2, False, {"sex-bad": 1})


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(column=st.sampled_from(sorted(GOOD)), cell=TEXT)
def test_any_cell(tmp_path_factory: pytest.TempPathFactory, column: str, cell: str) -> None:
    """Whatever stands in a cell, the line is accepted or refused with a code of the table, and no report repeats it."""
    path = write(tmp_path_factory.mktemp("any"), table({column: cell}))

    outcomes = list(read(path))

    assert len(outcomes) == 1
    assert [one.code in CODES and one.about in ("", *GOOD) for one in outcomes if isinstance(one, Rejected)] in ([], [True])


def test_private_characters_are_kept(tmp_path: Path) -> None:
    """Names written with an insurer's own characters (gaiji) are kept, not refused."""
    (row,) = rows(write(tmp_path, table({"kanji_name": "架空\ue000"}), "cp932"))

    assert row.kanji_name == "架空\ue000"


def test_repr_shows_nobody(tmp_path: Path) -> None:
    """No repr of an accepted row shows a field."""
    shown = repr(list(read(write(tmp_path, table({})))))

    assert [value for value in GOOD.values() if len(value) > 2 and value in shown] == []
