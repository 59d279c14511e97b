"""Tables of checkups as they come: the wide layout, the medical association's, and tickets."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from registrar.importers import Accepted, CheckupRow, Rejected, TicketRow, find, rehearse
from registrar.importers.dates import FORMS, parse_era
from registrar.importers.rows import Observation
from rooms.registrar.formats import (
    GLUCOSE,
    HEIGHT,
    RESULTS,
    SMOKING,
    WEIGHT,
    Checkup,
    jma_line,
    jma_result,
    jma_table,
    niph_line,
    niph_table,
    saved,
    write_jma,
    write_niph,
    write_tickets,
)
from rooms.registrar.samples import SECRET

SAMPLES = os.environ.get("WARIFU_SAMPLES", "")
UNKNOWN = "9Z999000000000001"
Report = tuple[int | None, str, str]


def read(path: Path) -> tuple[list[CheckupRow], list[Report]]:
    importer = find(path)
    assert importer is not None
    outcomes = list(importer.read(path))
    reports = [(one.line, one.code, one.about) for one in outcomes if isinstance(one, Rejected)]
    return [one.row for one in outcomes if isinstance(one, Accepted) and isinstance(one.row, CheckupRow)], reports


def wide(
    folder: Path, *lines: Checkup, codes: tuple[str, ...] = (HEIGHT, WEIGHT), changes: Mapping[str, str] = MappingProxyType({})
) -> Path:
    """Write a wide table; the changes are to the last line."""
    written = [niph_line(one, codes) for one in lines[:-1]] + [niph_line(lines[-1], codes, changes)]
    return saved(folder / "wide.csv", niph_table(written, codes))


def statuses(found: tuple[Observation, ...]) -> dict[str | None, tuple[str, object]]:
    return {one.name: (one.status, one.value) for one in found}


@pytest.mark.skipif(not SAMPLES, reason="WARIFU_SAMPLES names no folder with the public samples")
def test_the_public_wide_sample() -> None:
    """Of ten deliberately dirty lines nine come in; one has a number that is none, and four cells of the others are refused."""
    rows, reports = read(Path(SAMPLES) / "checkup-csv" / "sample001-1-2024.csv")

    assert reports == [
        (4, "member-number-bad", "number"),
        (5, "item-out-of-range", "9N011000000000001"),
        (5, "item-out-of-range", "9A755000000000001"),
        (9, "item-not-in-term", "9N512000000000011"),
        (10, "item-not-in-term", "9N512000000000011"),
        (None, "items-unknown", "164 results, 32 codes"),
    ]
    assert [len(row.observations) for row in rows] == [29, 23, 24, 25, 22, 26, 24, 27, 29]
    assert statuses(rows[1].observations)["body-weight"] == ("not-done", None)
    assert statuses(rows[1].observations)["systolic-blood-pressure"] == ("above-range", None)
    assert statuses(rows[2].observations)["systolic-blood-pressure"] == ("below-range", None)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("170.55", ("measured", Decimal("170.55"))),
        ("１７０", ("measured", Decimal("170.0"))),
        ("未実施", ("not-done", None)),
        ("測定不能", ("not-measurable", None)),
        ("Ｈ", ("above-range", None)),
        ("L", ("below-range", None)),
    ],
)
def test_wide_cells(tmp_path: Path, cell: str, expected: tuple[str, object]) -> None:
    """A cell holds a number, or one of the ministry's words for having none."""
    rows, reports = read(wide(tmp_path, Checkup(results={HEIGHT: cell})))

    assert (statuses(rows[0].observations), reports) == ({"body-height": expected}, [])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("-1", "item-out-of-range"),
        ("9000", "item-out-of-range"),
        ("あ", "item-not-a-number"),
        ("1,5", "item-not-a-number"),
        ("HH", "item-not-a-number"),
        ("NaN", "item-not-a-number"),
        ("1e2", "item-not-a-number"),
    ],
)
def test_a_bad_cell_is_reported_and_its_line_kept(tmp_path: Path, cell: str, code: str) -> None:
    """The report names line and item; the line's other cells and the other lines come in."""
    path = wide(tmp_path, Checkup(), Checkup(number="2", results={HEIGHT: cell, WEIGHT: "60.0"}))
    rows, reports = read(path)

    assert ([len(row.observations) for row in rows], reports) == ([2, 1], [(5, code, HEIGHT)])


@pytest.mark.parametrize(
    ("changes", "report"),
    [
        ({"受診者被保険者番号": "あ103"}, ("member-number-bad", "number")),
        ({"受診者被保険者番号": ""}, ("field-missing", "number")),
        ({"受診者保険者番号": "123456789"}, ("member-number-bad", "insurer number")),
        ({"受診者被保険者番号枝番": "100007"}, ("member-number-bad", "branch")),
        ({"受診者生年月日": "19800231"}, ("date-bad", "birth date")),
        ({"受診者生年月日": ""}, ("field-missing", "birth date")),
        ({"健診実施年月日": "R6"}, ("date-bad", "examination date")),
        ({"受診者性別": "3"}, ("sex-bad", "")),
        ({"受診者氏名": "ア\x07"}, ("control-character", "name")),
        ({"受診者氏名": "ア" * 81}, ("field-too-long", "name")),
    ],
)
def test_a_bad_person_is_a_line_of_the_report(tmp_path: Path, changes: dict[str, str], report: tuple[str, str]) -> None:
    """Whoever cannot be told apart is refused with the line; the line before it comes in."""
    rows, reports = read(wide(tmp_path, Checkup(), Checkup(number="2"), changes=changes))

    assert ([row.number for row in rows], reports) == (["1"], [(5, *report)])


def test_wide_headers(tmp_path: Path) -> None:
    """The header line may lack no needed column and name none twice; without one no line is read."""
    good = niph_table([niph_line(Checkup(), (HEIGHT,))], (HEIGHT,))
    lacking = saved(tmp_path / "a.csv", good.replace("受診者性別", "性別"))
    twice = saved(tmp_path / "b.csv", niph_table([niph_line(Checkup(), (HEIGHT, HEIGHT))], (HEIGHT, HEIGHT)))

    assert read(lacking) == ([], [(2, "columns-missing", "sex")])
    assert read(twice) == ([], [(2, "columns-repeated", "item")])


def test_wide_line_of_another_length(tmp_path: Path) -> None:
    """A line with a cell too few is refused alone, and blank lines are nothing."""
    lines = [niph_line(Checkup(), (HEIGHT,)), niph_line(Checkup(number="2"), (HEIGHT,))[:-1], [""]]
    rows, reports = read(saved(tmp_path / "a.csv", niph_table(lines, (HEIGHT,))))

    assert (len(rows), reports) == (1, [(5, "cells-mismatch", "")])


@pytest.mark.parametrize("broken", ['"1001,', '"a"b,'])
def test_of_a_damaged_table_nothing_is_read(tmp_path: Path, broken: str) -> None:
    """Broken quoting anywhere refuses the file before its first row is handed out."""
    whole = niph_table([niph_line(Checkup(number=str(at)), (HEIGHT,)) for at in range(1, 4)], (HEIGHT,))
    rows, reports = read(saved(tmp_path / "a.csv", whole + broken))

    assert (rows, reports) == ([], [(7, "table-damaged", "")])


def test_bytes_of_no_encoding(tmp_path: Path) -> None:
    """A file that is neither UTF-8 nor CP932 to its end is refused whole."""
    path = write_niph(tmp_path / "a.csv", Checkup())
    path.write_bytes(path.read_bytes() + b"\x81\x00\xff")

    assert read(path) == ([], [(None, "encoding-unknown", "")])


def test_an_expired_ticket_is_a_note(tmp_path: Path) -> None:
    """A checkup after its ticket's last day comes in, and the line says so."""
    rows, reports = read(wide(tmp_path, Checkup(), changes={"受診券有効期限": "20240609"}))

    assert (len(rows), reports) == (1, [(4, "ticket-expired", "")])


def test_unknown_columns_are_counted(tmp_path: Path) -> None:
    """A column with a code outside the item table goes to the sealed part as words."""
    rows, reports = read(wide(tmp_path, Checkup(results={UNKNOWN: "7.5"}), codes=(UNKNOWN,)))

    assert [(one.name, one.value) for one in rows[0].details] == [(None, "7.5")]
    assert reports == [(None, "items-unknown", "1 results, 1 codes")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("S430101", date(1968, 1, 1)),
        ("S640107", date(1989, 1, 7)),
        ("S640108", None),
        ("H010107", None),
        ("H010108", date(1989, 1, 8)),
        ("H310430", date(2019, 4, 30)),
        ("R010501", date(2019, 5, 1)),
        ("R010430", None),
        ("T151224", date(1926, 12, 24)),
        ("M450729", date(1912, 7, 29)),
        ("M320101", None),
        ("S000101", None),
        ("S430230", None),
        ("X430101", None),
        ("S43011", None),
    ],
)
def test_eras(text: str, day: date | None) -> None:
    """A year of an era is a day only within that era, and none before 1900."""
    assert parse_era(text) == day


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("YYYY-MM-DD", "1980-4-1", date(1980, 4, 1)),
        ("YYYY-MM-DD", "1980/4/1", None),
        ("YYYY/MM/DD", "1980/04/01", date(1980, 4, 1)),
        ("YYYYMMDD", "19800401", date(1980, 4, 1)),
        ("YYYY年MM月DD日", "1980年4月1日", date(1980, 4, 1)),
        ("GYY.MM.DD", "s55.4.1", date(1980, 4, 1)),
        ("GYY.MM.DD", "平成元.1.8", date(1989, 1, 8)),
        ("GYY年MM月DD日", "昭和55年4月1日", date(1980, 4, 1)),
        ("GYY年MM月DD日", "昭和65年4月1日", None),
    ],
)
def test_date_forms(form: str, text: str, day: date | None) -> None:
    """Each form takes its own spelling and no other."""
    assert FORMS[form](text) == day


def jma(folder: Path, *lines: list[str]) -> tuple[list[CheckupRow], list[Report]]:
    return read(saved(folder / "jma.txt", jma_table(lines)))


def test_jma_header(tmp_path: Path) -> None:
    """Birth dates of an era, institution and ticket arrive typed; the layout has no member number."""
    (row,), reports = jma(tmp_path, jma_line(Checkup(), birth="S550401", institution=("9910000034", "例題クリニック")))

    assert (row.birth_date, row.exam_date, row.ticket, reports) == (date(1980, 4, 1), date(2024, 6, 10), "24100000001", [])
    assert (row.institution.number, row.institution.name) == ("9910000034", "例題クリニック")
    assert (row.insurer_number, row.number, row.branch, row.program_code, row.report_code) == ("", "", None, "010", "10")


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (jma_result(HEIGHT, "170.1", abnormal="H"), ("measured", Decimal("170.1"), "H")),
        (jma_result(HEIGHT, "170.1", abnormal="!"), ("measured", Decimal("170.1"), None)),
        (jma_result(HEIGHT, "170.1", done=""), ("measured", Decimal("170.1"), None)),
        (jma_result(HEIGHT, "", done="0"), ("not-done", None, None)),
        (jma_result(HEIGHT, "", done="2"), ("not-measurable", None, None)),
        (jma_result(GLUCOSE, "600", form="U"), ("above-range", None, None)),
        (jma_result(GLUCOSE, "20", form="E"), ("below-range", None, None)),
        (jma_result(GLUCOSE, "20", form="L"), ("below-range", None, None)),
    ],
)
def test_jma_results(tmp_path: Path, result: list[str], expected: tuple[str, object, str | None]) -> None:
    """Whether a result was made, its flag, and a value that is only a bound."""
    (row,), reports = jma(tmp_path, jma_line(Checkup(results={})) + result)

    assert ([(one.status, one.value, one.interpretation) for one in row.observations], reports) == ([expected], [])


@pytest.mark.parametrize(
    ("result", "report"),
    [
        (jma_result(HEIGHT, "あ"), ("item-not-a-number", HEIGHT)),
        (jma_result(HEIGHT, "999"), ("item-out-of-range", HEIGHT)),
        (jma_result(HEIGHT, ""), ("item-value-missing", HEIGHT)),
        (jma_result(HEIGHT, "170", done="9"), ("item-mark-unknown", HEIGHT)),
        (jma_result(HEIGHT, "170", form="?"), ("item-mark-unknown", HEIGHT)),
        (jma_result(HEIGHT, "170", abnormal="?"), ("item-mark-unknown", HEIGHT)),
        (jma_result(WEIGHT, "60"), ("item-repeated", WEIGHT)),
        (jma_result(SECRET, "60"), ("item-code-bad", "")),
        (jma_result(SMOKING, "4"), ("item-choice-unknown", SMOKING)),
        ([HEIGHT, "身長", "1", "", "", "1.7", "m", ""], ("item-unit-unknown", HEIGHT)),
    ],
)
def test_jma_refused_results(tmp_path: Path, result: list[str], report: tuple[str, str]) -> None:
    """What cannot be is reported with line and item; the person's other results stay."""
    rows, reports = jma(tmp_path, jma_line(Checkup(results={WEIGHT: "60.0"})) + result)

    assert ([len(row.observations) for row in rows], reports) == ([1], [(1, *report)])


@pytest.mark.parametrize(
    ("line", "report"),
    [
        (jma_line(Checkup(ticket="")), ("field-missing", "ticket")),
        (jma_line(Checkup(ticket="x1")), ("ticket-bad", "")),
        (jma_line(Checkup(), birth="S650101"), ("date-bad", "birth date")),
        (jma_line(Checkup(sex="0")), ("sex-bad", "")),
        (jma_line(Checkup())[:-1], ("cells-mismatch", "")),
        (["KENSA", "1"], ("cells-mismatch", "")),
        (["架空", *jma_line(Checkup())[1:]], ("cells-mismatch", "")),
    ],
)
def test_jma_refused_lines(tmp_path: Path, line: list[str], report: tuple[str, str]) -> None:
    """A line without a usable ticket, birth date or sex, or of another shape, is refused alone."""
    rows, reports = jma(tmp_path, jma_line(Checkup()), line)

    assert (len(rows), reports) == (1, [(2, *report)])


def test_tickets(tmp_path: Path) -> None:
    """A ticket is whose it first was; the same line again is nothing."""
    first = Checkup()
    path = write_tickets(tmp_path / "t.csv", first, first, replace(first, number="2"), Checkup(number="あ", ticket="1"))
    importer = find(path)
    assert importer is not None
    outcomes = list(importer.read(path))

    rows = [one.row for one in outcomes if isinstance(one, Accepted) and isinstance(one.row, TicketRow)]
    assert [(row.ticket, row.member.number, row.member.symbol, row.member.branch) for row in rows] == [
        ("24100000001", "1", "101", "00")
    ]
    assert [(one.line, one.code) for one in outcomes if isinstance(one, Rejected)] == [
        (4, "ticket-repeated"),
        (5, "member-number-bad"),
    ]


def test_nothing_personal_is_shown(tmp_path: Path) -> None:
    """No report and no repr shows a name, a number, a day or a value of a table."""
    dirty = {HEIGHT: "1605.5", WEIGHT: SECRET, UNKNOWN: SECRET} | {SMOKING: "77"}
    files = [
        write_niph(tmp_path / "a.csv", Checkup(number="424242", results={**RESULTS, **dirty})),
        write_jma(tmp_path / "b.txt", Checkup(ticket="24100424242", results={**RESULTS, **dirty})),
        write_tickets(tmp_path / "c.csv", Checkup(number="424242あ")),
    ]
    shown = "".join(repr(list(importer.read(path))) for path in files if (importer := find(path)) is not None)
    shown += "".join(one.reason for path in files for one in rehearse(path).reports)

    assert [word for word in (SECRET, "424242", "1980", "1605", "77", "架空") if word in shown] == []
