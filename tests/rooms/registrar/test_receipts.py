"""Receipt files as insurers get them: what is read of a good one."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from registrar.importers import Accepted, find, rehearse
from registrar.importers.receipt_rows import Diagnosis, Entry, ReceiptKey, ReceiptText
from registrar.importers.receipt_uke import IMPORTER, read
from rooms.registrar.receipts import HEADER, LINES, MEDICAL, PERSON, SEARCH, changed, reports, rows, write


def test_the_head_of_a_receipt(tmp_path: Path) -> None:
    """Person, months, kind, points, payers, and the key of its versions."""
    path = write(tmp_path, LINES)

    (row,) = rows(path)

    assert (row.insurer_number, row.symbol, row.number, row.branch) == ("06990019", "101", "424242", "01")
    assert (row.birth_date, row.sex, row.kana_name) == (date(1980, 2, 29), "male", "ヒミツタニ モフタロウ")
    assert (row.claim_month, row.billing_month) == (date(2024, 6, 1), date(2024, 7, 1))
    assert (row.kind, row.receipt_type, row.inpatient, row.insured) == ("medical", "1112", False, "self")
    assert (row.days, row.points, row.own_payment, row.diagnosis_group) == (2, 1500, 4500, None)
    assert [(one.number, one.days, one.points, one.own_payment) for one in row.public_payers] == [("54990011", 2, 1500, 1000)]
    assert row.key == ReceiptKey("medical", SEARCH, None, None, None)
    assert (reports(path), find(path)) == ([], IMPORTER)


def test_the_content_of_a_receipt(tmp_path: Path) -> None:
    """Diagnoses, acts, drugs and materials with their days; sections are carried on."""
    (row,) = rows(write(tmp_path, LINES))

    assert row.diagnoses == (
        Diagnosis("4019014", ("8002",), date(2020, 4, 1), "1", main=True),
        Diagnosis("0000999", (), date(2024, 6, 1), "2", main=False),
    )
    assert row.entries == (
        Entry("act", "12", "1", "112007410", None, 75, 2, ((3, 1), (12, 1))),
        Entry("drug", "21", "1", "610407148", Decimal(1), None, None, ((2, 1),)),
        Entry("drug", "21", "1", "610407028", Decimal("2.5"), 4, 14, ((1, 14),)),
        Entry("material", "40", "1", "710010001", Decimal(1), 12, 1, (), "013", Decimal("120.5")),
    )


def test_what_identifies_is_apart(tmp_path: Path) -> None:
    """Institution, numbers and every free text, as written: CP932's own characters and circled digits are kept."""
    (row,) = rows(write(tmp_path, LINES))
    told = row.identifying

    assert (told.institution.number, told.institution.name) == ("9910000012", "架空診療所")
    assert (told.receipt_number, told.search_number, told.chart_number) == (1, SEARCH, "K-7")
    assert (told.written_name, told.recipients) == ("秘密谷　もふ太郎", ("4242421",))
    assert told.texts == (
        ReceiptText("diagnosis", None, 1, "痛みのひどい①㈱髙"),
        ReceiptText("comment", "830000001", 2, "ひみつの一言"),
        ReceiptText("product", None, 3, "見本カテーテル"),
        ReceiptText("comment", "810000001", None, "痛みのひどい①"),
        ReceiptText("narrative", "01", None, "詳しい事情"),
    )


def test_key_without_a_search_number(tmp_path: Path) -> None:
    """Then it is the institution, the billing month and the receipt's number in that file."""
    (row,) = rows(write(tmp_path, changed((1, 18, ""))))

    assert row.key == ReceiptKey("medical", None, "9910000012", date(2024, 7, 1), 1)


@pytest.mark.parametrize("end", [b"\x1a", b"", b"\x1a\r\n", b"\r\n\x1a\x1a"])
def test_ends_of_files(tmp_path: Path, end: bytes) -> None:
    """With or without the closing byte, alone on its line or not."""
    path = write(tmp_path, LINES, end=end)

    assert (len(rows(path)), reports(path)) == (1, [])


def test_closing_byte_right_behind_the_totals(tmp_path: Path) -> None:
    """The last line may lack its line end."""
    path = tmp_path / "x"
    path.write_bytes("\n".join(LINES).encode("cp932") + b"\x1a")

    assert (len(rows(path)), reports(path)) == (1, [])


def test_cut_trailing_cells(tmp_path: Path) -> None:
    """Lines may end after their last filled cell, and still say the same."""
    path = write(tmp_path, [line.rstrip(",") for line in LINES])
    (short,) = rows(path)
    (full,) = rows(write(tmp_path, LINES))

    assert short == full


def test_padded_and_full_width(tmp_path: Path) -> None:
    """Insurer numbers padded with spaces, and full-width digits, are harmless."""
    (row,) = rows(write(tmp_path, changed((2, 1, "  990019"), (2, 5, "１５００"), (1, 6, "３５５０２２８"))))

    assert (row.insurer_number, row.points, row.birth_date) == ("00990019", 1500, date(1980, 2, 28))


@pytest.mark.parametrize(
    ("code", "inpatient", "insured"),
    [
        ("1111", True, "self"),
        ("1132", False, "self"),
        ("1113", True, "dependant"),
        ("1114", False, "dependant"),
        ("1125", True, "dependant"),
        ("1116", False, "dependant"),
        ("1117", True, None),
        ("1118", False, None),
        ("1119", True, None),
        ("1110", False, None),
        ("1318", False, None),
    ],
)
def test_types(tmp_path: Path, code: str, inpatient: bool, insured: str | None) -> None:
    """The last digit says who was treated, and whether in hospital."""
    (row,) = rows(write(tmp_path, changed((1, 2, code))))

    assert (row.inpatient, row.insured) == (inpatient, insured)


def test_dpc(tmp_path: Path) -> None:
    """A diagnosis group makes it a DPC receipt; the records only DPC has are counted."""
    lines = [HEADER, *MEDICAL[:2], "BU,060100xx01xx0x,20240603", "SB,8851725", "CD,x", "GO,1,1500,99"]
    path = write(tmp_path, lines)

    assert [(row.kind, row.diagnosis_group) for row in rows(path)] == [("dpc", "060100xx01xx0x")]
    assert reports(path) == [(None, "receipt-records-unread", "1 CD, 1 SB")]


def test_insurers_files(tmp_path: Path) -> None:
    """Records that the examining body adds are passed over and counted; a file may hold several institutions."""
    lines = ["UK,2,99,3,0000012", "MN,1", *LINES, "MN,2", HEADER.replace("0000012", "0000013"), *MEDICAL, "GO,1,1500,99"]
    path = write(tmp_path, lines)

    assert [row.identifying.institution.number for row in rows(path)] == ["9910000012", "9910000013"]
    assert reports(path) == [(None, "receipt-records-unread", "2 MN, 1 UK")]
    assert find(path) == IMPORTER


def test_rehearsal(tmp_path: Path) -> None:
    """A dry run counts receipts; notes lose nothing."""
    outcome = rehearse(write(tmp_path, [*LINES[:-1], "QQ,1", LINES[-1]]))

    assert (outcome.importer, outcome.accepted, outcome.clean) == ("receipts-uke", 1, True)


def test_repr_shows_nobody(tmp_path: Path) -> None:
    """No repr of an accepted row, nor of its parts or its key, shows a field."""
    (one,) = read(write(tmp_path, LINES))
    assert isinstance(one, Accepted)
    row = one.row
    shown = repr([one, row, row.key, row.public_payers, row.diagnoses, row.entries, row.identifying, row.identifying.texts])

    assert [word for word in (*PERSON, "4019014", "610407148", "9910000012", "1500") if word in shown] == []
