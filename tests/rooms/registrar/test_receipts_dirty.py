"""Receipt files that are not as they should be: each bad line is one report, and no report tells of anybody."""

import tracemalloc
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registrar.importers import CODES, Accepted, Rejected, find, rehearse
from registrar.importers.receipt_dates import parse_day, parse_month
from registrar.importers.receipt_draft import MOST_RECORDS
from registrar.importers.receipt_lines import LONGEST
from registrar.importers.receipt_types import known_type
from registrar.importers.receipt_uke import read
from rooms.registrar.receipts import HEADER, LINES, MEDICAL, PERSON, changed, reports, rows, write

OTHER = (MEDICAL[0].replace("RE,1", "RE,2"), MEDICAL[1].replace("424242", "7"))
"""A second receipt, which must stand whatever is wrong with the first."""
RE, HO, SN, KO, SY, UNCODED, SI, IY, LATER_IY, TO, CO, SJ = range(1, 13)


def two(first: list[str]) -> list[str]:
    return [*first[:-1], *OTHER, "GO,2,3000,99"]


@pytest.mark.parametrize(
    ("line", "at", "text", "about"),
    [
        (RE, 1, "x", "RE receipt number"),
        (RE, 2, "9112", "RE type"),
        (RE, 2, "3112", "RE type"),
        (RE, 2, "111", "RE type"),
        (RE, 3, "202413", "RE claim month"),
        (RE, 3, "202408", "RE claim month"),
        (RE, 3, "", "RE claim month"),
        (RE, 4, "あ" * 81, "RE name"),
        (RE, 5, "3", "RE sex"),
        (RE, 6, "19800230", "RE birth date"),
        (RE, 6, "20240701", "RE birth date"),
        (RE, 6, "18991231", "RE birth date"),
        (RE, 13, "9" * 41, "RE chart number"),
        (RE, 18, "x1", "RE search number"),
        (RE, 36, "ア" * 81, "RE kana name"),
        (RE, 4, "カク\x07ウ", "RE line"),
        (HO, 1, "保険", "HO member number"),
        (HO, 1, "123456789", "HO member number"),
        (HO, 3, "", "HO member number"),
        (HO, 3, "4242-42", "HO member number"),
        (HO, 4, "", "HO days"),
        (HO, 5, "-1", "HO points"),
        (HO, 11, "1e3", "HO own payment"),
        (SN, 1, "", "SN payer"),
        (SN, 6, "123", "SN branch"),
        (KO, 1, "x", "KO payer"),
        (KO, 2, "12345678", "KO recipient"),
        (KO, 5, "x", "KO points"),
    ],
)
def test_lost_receipt(tmp_path: Path, line: int, at: int, text: str, about: str) -> None:
    """A needed record that cannot be read costs its receipt alone, and is reported once with its line."""
    path = write(tmp_path, two(changed((line, at, text))))

    assert ([row.number for row in rows(path)], reports(path)) == (["7"], [(line + 1, "receipt-record-bad", about)])


@pytest.mark.parametrize(
    ("line", "at", "text", "about"),
    [
        (SY, 1, "123456", "SY code"),
        (SY, 2, "", "SY start"),
        (SY, 2, "20200431", "SY start"),
        (SY, 3, "5", "SY outcome"),
        (SY, 4, "802", "SY modifiers"),
        (SY, 6, "02", "SY main"),
        (UNCODED, 5, "", "SY name"),
        (UNCODED, 5, "痛" * 201, "SY name"),
        (SI, 1, "x", "SI section"),
        (SI, 2, "12", "SI payers"),
        (SI, 3, "11200741", "SI code"),
        (SI, 5, "7.5", "SI points"),
        (SI, 6, "x", "SI times"),
        (SI, 43, "1", "SI days"),
        (SI, 13, "x", "SI days"),
        (IY, 4, "1.123456", "IY quantity"),
        (LATER_IY, 7, "83000000", "IY comment"),
        (TO, 7, "xx", "TO unit"),
        (TO, 8, "1,5", "TO unit price"),
        (TO, 10, "管" * 301, "TO product"),
        (CO, 3, "", "CO code"),
        (CO, 4, "一" * 2501, "CO text"),
        (SJ, 1, "1", "SJ section"),
        (SJ, 2, "詳\x00しい", "SJ line"),
    ],
)
def test_lost_line(tmp_path: Path, line: int, at: int, text: str, about: str) -> None:
    """A line of the content that cannot be read is left out and reported; its receipt stands, with everything else."""
    path = write(tmp_path, two(changed((line, at, text.replace(",", "，")))))
    kept = [(len(row.diagnoses), len(row.entries), len(row.identifying.texts)) for row in rows(path)]
    (whole,) = rows(write(tmp_path, LINES))

    assert reports(write(tmp_path, two(changed((line, at, text.replace(",", "，")))))) == [(line + 1, "receipt-item-bad", about)]
    assert [sum(kept[0]) < len(whole.diagnoses) + len(whole.entries) + len(whole.identifying.texts), len(kept)] == [True, 2]


def test_every_bad_line_once(tmp_path: Path) -> None:
    """Also in a receipt that is lost already, each by its own line."""
    path = write(tmp_path, two(changed((RE, 5, "3"), (HO, 4, "x"), (SY, 1, "x"), (CO, 3, "x"))))

    assert [row.number for row in rows(path)] == ["7"]
    assert reports(path) == [
        (2, "receipt-record-bad", "RE sex"),
        (3, "receipt-record-bad", "HO days"),
        (6, "receipt-item-bad", "SY code"),
        (12, "receipt-item-bad", "CO code"),
    ]


def test_without_insurer(tmp_path: Path) -> None:
    """Receipts that public payers pay alone are none of the insurer's; their points are those of the first public payer."""
    alone = [MEDICAL[0].replace("1112", "1212"), MEDICAL[3]]
    path = write(tmp_path, [HEADER, *alone, *OTHER, "GO,2,3000,99"])

    assert ([row.number for row in rows(path)], reports(path)) == (["7"], [(2, "receipt-insurer-missing", "")])


@pytest.mark.parametrize(("again", "about"), [(1, "HO repeated"), (2, "SN repeated")])
def test_repeated_record(tmp_path: Path, again: int, about: str) -> None:
    """Two insurers' lines in a receipt contradict each other."""
    path = write(tmp_path, two([*LINES[:-1], MEDICAL[again], LINES[-1]]))

    assert ([row.number for row in rows(path)], reports(path)) == (["7"], [(14, "receipt-record-bad", about)])


def test_five_public_payers(tmp_path: Path) -> None:
    """There are never more than four."""
    path = write(tmp_path, two([*LINES[:-1], *[MEDICAL[3]] * 4, LINES[-1]]))

    assert ([row.number for row in rows(path)], reports(path)) == (["7"], [(17, "receipt-record-bad", "KO repeated")])


@pytest.mark.parametrize("line", ["nonsense", "re,1,1112", "\x1a", "あ,い", "S", "," * 9, "SJ1,詳"])
def test_line_without_an_id(tmp_path: Path, line: str) -> None:
    """Nobody knows what it was, so the receipt it stands in is lost; outside of receipts it only is reported."""
    inside = write(tmp_path, two([*LINES[:5], line, *LINES[5:]]))
    assert ([row.number for row in rows(inside)], reports(inside)) == (["7"], [(6, "receipt-line-bad", "")])

    outside = write(tmp_path, [line, *LINES])
    assert (len(rows(outside)), reports(outside)) == (1, [(1, "receipt-line-bad", "")])


def test_stray_line(tmp_path: Path) -> None:
    """A line of a receipt before any receipt began."""
    path = write(tmp_path, [HEADER, MEDICAL[5], *LINES[1:]])

    assert (len(rows(path)), reports(path)) == (1, [(2, "receipt-line-stray", "")])


def test_overlong_line(tmp_path: Path) -> None:
    """It is never held as a whole; the lines after it are read as ever."""
    path = write(tmp_path, two([*LINES[:-1], "SJ,01," + "x" * (5 * LONGEST), "SJ,01,y", LINES[-1]]))

    assert reports(path) == [(14, "receipt-item-bad", "SJ line")]
    assert rows(path)[0].identifying.texts[-1].text == "y"


def test_endless_receipt(tmp_path: Path) -> None:
    """More lines than any receipt has: it is lost, and only what the limit allows was held."""
    path = write(tmp_path, two([*LINES[:-1], *["CO,40,1,810000001,x"] * MOST_RECORDS, LINES[-1]]))

    assert [row.number for row in rows(path)] == ["7"]
    assert [code for _, code, _ in reports(path)] == ["receipt-too-long"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (LINES[:-1], (13, "receipts-cut-off", "")),
        (two([*LINES])[:-1], (15, "receipts-cut-off", "")),
        ((*LINES[:-1], "GO,1,15"), (14, "receipts-total-bad", "GO end")),
        ((*LINES[:-1], "GO,1,15x0,99"), (14, "receipts-total-bad", "GO points")),
        ((*LINES[:-1], "GO,2,1500,99"), (14, "receipts-total-mismatch", "2 receipts announced, 1 found")),
        ((*LINES[:-1], "GO,1,1501,99"), (14, "receipts-total-mismatch", "fewer points found than announced")),
        (LINES[1:], (1, "receipts-header-missing", "")),
        ((*LINES, *MEDICAL, "GO,1,1500,99"), (15, "receipts-header-missing", "")),
        ((), (None, "receipts-header-missing", "")),
        (("QQ,1",), (None, "receipts-header-missing", "")),
        (changed((0, 7, "202400")), (1, "receipts-header-bad", "IR billing month")),
        (changed((0, 3, "2")), (1, "receipts-header-bad", "IR points table")),
        (changed((0, 4, "12")), (1, "receipts-header-bad", "IR institution")),
        (changed((0, 1, "")), (1, "receipts-header-bad", "IR examining body")),
        (changed((0, 2, "x")), (1, "receipts-header-bad", "IR prefecture")),
    ],
)
def test_lost_file(tmp_path: Path, lines: list[str], expected: tuple[int | None, str, str]) -> None:
    """What makes a file whole is judged before the first row: nothing is taken from a file that is not."""
    path = write(tmp_path, lines)

    assert (rows(path), reports(path)) == ([], [expected])


def test_points_of_many_receipts_are_told(tmp_path: Path) -> None:
    """The sums of ten receipts help to find what is wrong; those of fewer could be a person's."""
    told = [reports(write(tmp_path, [HEADER, *OTHER * count, f"GO,{count},7,99"]))[0][2] for count in (9, 10)]

    assert told == ["more points found than announced", "7 points announced, 15000 found"]


def test_a_cell_that_slipped(tmp_path: Path) -> None:
    """A recipient's number that damage moved among the points is not told as what was found."""
    path = write(tmp_path, [HEADER, MEDICAL[0], "HO,06990019,101,424242,2,4242421", LINES[-1]])

    assert reports(path) == [(4, "receipts-total-mismatch", "more points found than announced")]


def test_unreadable_points_leave_a_lower_bound(tmp_path: Path) -> None:
    """With a lost insurer's line the totals can still be too small, but not too large."""
    lines = [*changed((HO, 5, "x"))[:-1], *OTHER]

    assert len(rows(write(tmp_path, [*lines, "GO,2,9999,99"]))) == 1
    assert reports(write(tmp_path, [*lines, "GO,2,1499,99"])) == [
        (16, "receipts-total-mismatch", "more points found than announced")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8(tmp_path: Path, encoding: str) -> None:
    """A file that was saved as UTF-8 is refused as a whole: read as CP932 its names would be nonsense."""
    path = write(tmp_path, LINES, encoding=encoding)

    assert (rows(path), reports(path), find(path) is not None) == ([], [(None, "receipts-encoding", "")], True)


def test_half_width_names_are_not_taken_for_utf8(tmp_path: Path) -> None:
    """Half-width kana can look like two-byte UTF-8; that alone refuses nothing."""
    lines = [HEADER.replace("架空診療所", ""), "RE,1,1112,202406,ﾅｵ,1,19800229", "HO,06990019,,7,2,1500", LINES[-1]]

    (row,) = rows(write(tmp_path, lines))

    assert row.identifying.written_name == "ﾅｵ"


def test_not_cp932(tmp_path: Path) -> None:
    """Single bytes that are no CP932 cost what their line costs."""
    path = write(tmp_path, two([*LINES]))
    path.write_bytes(path.read_bytes().replace("詳しい事情".encode("cp932"), b"\x85\x85\xff"))

    assert (len(rows(path)), reports(path)) == (2, [(13, "receipt-item-bad", "SJ line")])


@pytest.mark.parametrize("content", [b"\x00" * 4000, bytes(range(256)) * 40, b"\x1a", b"PK\x03\x04" + b"\xff" * 99, b"IR" * 9999])
def test_garbage(tmp_path: Path, content: bytes) -> None:
    """Nobody recognises it, and reading it nevertheless is one report."""
    path = tmp_path / "x"
    path.write_bytes(content)

    assert find(path) is None or rehearse(path).accepted == 0
    assert [code for _, code, _ in reports(path)] == ["receipts-header-missing"]


def test_absent_and_large(tmp_path: Path) -> None:
    """A file that cannot be opened, or is beyond any receipt file, is a report."""
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate((1 << 30) + 1)

    assert [reports(path) for path in (tmp_path / "nothing", large)] == [
        [(None, "file-unreadable", "")],
        [(None, "file-too-large", "")],
    ]


def test_memory_is_bounded(tmp_path: Path) -> None:
    """A file is read line by line, twice: it is never held, not even half of it."""
    lines = chain([HEADER], chain.from_iterable([MEDICAL] * 4000), [f"GO,4000,{1500 * 4000},99"])
    path = write(tmp_path, lines)
    tracemalloc.start()
    found = sum(isinstance(one, Accepted) for one in read(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (found, peak < path.stat().st_size / 2) == (4000, True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20240229", date(2024, 2, 29)),
        ("20230229", None),
        ("5060229", date(2024, 2, 29)),
        ("5010430", None),
        ("5010501", date(2019, 5, 1)),
        ("4310430", date(2019, 4, 30)),
        ("4311231", date(2019, 12, 31)),
        ("4320101", None),
        ("4010107", None),
        ("4010108", date(1989, 1, 8)),
        ("3640107", date(1989, 1, 7)),
        ("3650101", None),
        ("3010101", None),
        ("3550229", date(1980, 2, 29)),
        ("2150101", date(1926, 1, 1)),
        ("1450701", date(1912, 7, 1)),
        ("1320101", None),
        ("6010101", None),
        ("0010101", None),
        ("5000101", None),
        ("21010101", None),
        ("2024022", None),
        ("２０２４０２２９", None),
        ("", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    """By length Gregorian or by era; days before an era began or years after it ended do not exist."""
    assert parse_day(text) == day


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("202406", date(2024, 6, 1)),
        ("202413", None),
        ("50606", date(2024, 6, 1)),
        ("50105", date(2019, 5, 1)),
        ("50104", None),
        ("43104", date(2019, 4, 1)),
        ("40101", date(1989, 1, 1)),
        ("50602", date(2024, 2, 1)),
        ("5060", None),
        ("5060601", None),
        ("", None),
    ],
)
def test_months(text: str, month: date | None) -> None:
    """The same for months; one in which an era began belongs to it."""
    assert parse_month(text) == month


def test_known_types() -> None:
    """As many as the table has: 3 tables with 10 or 5 kinds of people, 3 schemes, 5 numbers of payers, and public payers alone."""
    assert sum(known_type(f"{code:04d}") for code in range(10_000)) == 2 * (3 * 5 * 10 + 8) + (3 * 5 * 5 + 4)


CELL = st.text(st.characters(codec="cp932", exclude_characters="\r\n¢£¬‖−〜"), max_size=20)


@settings(max_examples=150, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 44), CELL), min_size=1, max_size=3))
def test_any_cell(tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int, str]]) -> None:
    """Whatever stands in some cells: rows or reports, never a crash, and nothing of anybody in a report."""
    path = write(tmp_path_factory.mktemp("any"), changed(*changes))
    outcomes = list(read(path))
    told = [one for one in outcomes if isinstance(one, Rejected)]
    lines = [one.line for one in told if one.line is not None]

    assert [one.code for one in told if one.code not in CODES] == []
    assert (lines == sorted(lines), len(lines) == len(set(lines))) == (True, True)
    assert [word for word in PERSON if word in repr(outcomes)] == []
    assert len(outcomes) > 0


@settings(max_examples=150, deadline=None)
@given(start=st.integers(0, 900), length=st.integers(0, 60), noise=st.binary(max_size=40))
def test_any_damage(tmp_path_factory: pytest.TempPathFactory, start: int, length: int, noise: bytes) -> None:
    """Bytes lost, added or exchanged anywhere: the file, its receipt or a line is refused, or what is left is read."""
    path = write(tmp_path_factory.mktemp("any"), LINES)
    content = path.read_bytes()
    path.write_bytes(content[:start] + noise + content[start + length :])
    outcomes = list(read(path))

    assert sum(isinstance(one, Accepted) for one in outcomes) <= 1
    assert [one.about for one in outcomes if isinstance(one, Rejected) and any(word in one.about for word in PERSON)] == []


@settings(max_examples=100, deadline=None)
@given(cut=st.integers(0, 2000))
def test_any_cut(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    """A file that ends early is never taken in part."""
    path = write(tmp_path_factory.mktemp("any"), two([*LINES]))
    content = path.read_bytes()
    whole = content.index(b"GO,2,3000,99") + 12
    path.write_bytes(content[:cut])

    assert len(rows(path)) == (2 if cut >= whole else 0)
