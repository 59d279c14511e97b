"""Receipts of dentists and pharmacies, which have layouts of their own, and files of returned receipts."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registrar.claim_content import claim_of
from registrar.importers import Accepted, ReceiptRow, Rejected, find
from registrar.importers.receipt_rows import Diagnosis, Entry, Identifying
from registrar.importers.receipt_uke import IMPORTER, read
from registrar.importers.rows import Institution
from registrar.population.receipt_file import write_receipts
from rooms.registrar.receipts import LINES, PERSON, SEARCH, reports, rows, write

DENTAL = (
    "IR,1,99,3,0000012,,202407,000-0000-0000",
    f"RE,1,3116,202406,秘密谷　もふ太郎,1,19800229,,,20240603,1,,,,,K-7,,,,{SEARCH},,,,,,ﾋﾐﾂﾀﾆ ﾓﾌﾀﾛｳ",
    "HO,06990019,１０１,424242,2,1500,,,,,4500",
    "SN,1,01,,,,01,,",
    "HS,,1,101600101700,5234009,8002,,,,01,,補足",
    "HS,20240610,,,0000999,,痛みのひどい①",
    f"SS,12,1,301000110,,,AB001,,AB002,1,{',' * 65},264,1,,,1",
    "SI,60,1,160000410,,26,1,,1",
    "IY,21,1,610407148,3,10,4,,,4",
    "IY,1,610407028",
    "TO,40,1,710010001,1,013,120.5,,,,,見本,12,1,,1",
    "CO,40,1,810000001,痛みのひどい①",
    "GO,1,1500,99",
)
_CZ = "CZ,1,20240603,20240603,1,14,1,1,01,420001810,24,,,56,,1,430000001,5"
PHARMACY = (
    "YK,1,99,4,0000012,架空薬局,202407,00,000-0000-0000",
    f"RE,1,4116,202406,秘密谷　もふ太郎,1,19800229,,,13,1,1234567,架空診療所{',' * 22},K-7,,{SEARCH},,,,ﾋﾐﾂﾀﾆ ﾓﾌﾀﾛｳ",
    "HO,06990019,１０１,424242,2,1500,,,,4500",
    "SN,1,01,,,,01,,",
    "SH,01,1,,粉砕,4",
    f"{_CZ}{',' * 39},1,1,01,440000001,50",
    _CZ.replace("20240603", "20240617").replace(",14,", ",7,"),
    "IY,1,610407148,1.5",
    "IY,1,610407028,2",
    "SH,02,5,,,9",
    "CZ,1,20240603,20240603,1,1,1,1,02,420002510,10,,,9",
    "TO,1,710010001,1,013,120.5,見本",
    "TK,830000001,痛みのひどい①",
    f"KI,20240603,1,1,441000001,45,,1,442000001,1,45{',' * 58},1,443000001,2,3",
    "GO,1,1500,99",
)


def test_a_dental_receipt(tmp_path: Path) -> None:
    """Its own layout: diagnoses with teeth and the start that the receipt says once, acts with additions, drugs, materials."""
    path = write(tmp_path, DENTAL)
    (row,) = rows(path)
    told = row.identifying

    assert (row.kind, row.insured, row.days, row.points, row.own_payment, row.branch) == (
        "dental",
        "dependant",
        2,
        1500,
        4500,
        "01",
    )
    assert (row.kana_name, told.search_number, told.chart_number) == ("ヒミツタニ モフタロウ", SEARCH, "K-7")
    assert (told.institution.number, told.institution.name, row.billing_month) == ("9930000012", None, date(2024, 7, 1))
    assert row.diagnoses == (
        Diagnosis("5234009", ("8002",), date(2024, 6, 3), "1", main=True, teeth=("101600", "101700")),
        Diagnosis("0000999", (), date(2024, 6, 10), None, main=False),
    )
    assert row.entries == (
        Entry("act", "12", "1", "301000110", None, 264, 1, ((3, 1),), additions=("AB001", "AB002")),
        Entry("act", "60", "1", "160000410", None, 26, 1, ((2, 1),)),
        Entry("drug", "21", "1", "610407148", Decimal(3), 10, 4, ((2, 4),)),
        Entry("drug", None, None, "610407028", None, None, None, ()),
        Entry("material", "40", "1", "710010001", Decimal(1), 12, 1, ((2, 1),), "013", Decimal("120.5")),
    )
    assert [(text.kind, text.at) for text in told.texts] == [("supplement", 0), ("diagnosis", 1), ("product", 4), ("comment", None)]
    assert reports(path) == []


def test_a_pharmacys_receipt(tmp_path: Path) -> None:
    """What was handed out follows from dispensings: for how many days in all; fees are acts."""
    path = write(tmp_path, PHARMACY)
    (row,) = rows(path)
    told, both = row.identifying, ((3, 14), (17, 7))

    assert (row.kind, row.insured, row.days, row.points, row.own_payment) == ("pharmacy", "dependant", 2, 1500, 4500)
    assert (row.kana_name, told.search_number, told.chart_number) == ("ヒミツタニ モフタロウ", SEARCH, "K-7")
    assert (told.institution.number, told.institution.name) == ("9940000012", "架空薬局")
    assert [entry for entry in row.entries if entry.kind != "act"] == [
        Entry("drug", None, "1", "610407148", Decimal("1.5"), None, 21, both),
        Entry("drug", None, "1", "610407028", Decimal(2), 4, 21, both),
        Entry("material", None, "1", "710010001", Decimal(1), 9, 1, ((3, 1),), "013", Decimal("120.5")),
    ]
    assert [(entry.code, entry.points, entry.times, entry.days) for entry in row.entries if entry.kind == "act"] == [
        *(("420001810", 24, 1, ((3, 1),)), ("430000001", 5, 1, ((3, 1),)), ("440000001", 50, 1, ((3, 1),))),
        *(("420001810", 24, 1, ((17, 1),)), ("430000001", 5, 1, ((17, 1),)), ("420002510", 10, 1, ((3, 1),))),
        *(("441000001", 45, 1, ((3, 1),)), ("442000001", 45, 1, ((3, 1),)), ("443000001", 3, 2, ((3, 2),))),
    ]
    assert [text.kind for text in told.texts] == ["comment", "product", "comment"]
    assert reports(path) == []


def test_amounts_of_a_pharmacy(tmp_path: Path) -> None:
    """A drug's amount is its day's portion times the days; without a dispensing, or by its form alone, nothing is said."""
    lines = [*PHARMACY[:5], *PHARMACY[7:9], "SH,03,1,,,4", PHARMACY[6], "IY,610407999", PHARMACY[-1]]
    first, second = (
        {one.code: one.amount for one in claim_of(row, bytes(16), {"610407148", "610407028", "610407999"}).drugs}
        for row in (rows(write(tmp_path, PHARMACY))[0], rows(write(tmp_path, lines))[0])
    )

    assert first == {"610407148": Decimal("31.5"), "610407028": Decimal(42)}
    assert second == dict.fromkeys(("610407148", "610407028", "610407999"))


@pytest.mark.parametrize("order", [(5, 6, 7, 8), (7, 8, 5, 6), (7, 5, 6, 8)])
def test_dispensings_and_drugs_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Dispensings of a prescription count for its drugs wherever they stand in it."""
    lines = [*PHARMACY[:5], *(PHARMACY[at] for at in order), *PHARMACY[9:]]
    (row,) = rows(write(tmp_path, lines))

    assert {entry.code: entry.times for entry in row.entries if entry.kind == "drug"}["610407148"] == 21


def test_each_dispensing_with_drugs_of_its_own(tmp_path: Path) -> None:
    """A dispensing after drugs that were dispensed begins anew."""
    lines = [*PHARMACY[:6], PHARMACY[7], PHARMACY[6], PHARMACY[8], *PHARMACY[9:]]
    (row,) = rows(write(tmp_path, lines))

    assert [(entry.code, entry.times) for entry in row.entries if entry.kind == "drug"] == [("610407148", 14), ("610407028", 7)]


@pytest.mark.parametrize(
    ("lines", "at", "bad", "about"),
    [
        (DENTAL, 4, "HS,,1,10160,5234009", "HS teeth"),
        (DENTAL, 4, "HS,,1,,523400", "HS code"),
        (DENTAL, 4, "HS,,9,,5234009", "HS outcome"),
        (DENTAL, 6, "SS,12,1,30100011", "SS code"),
        (DENTAL, 6, "SS,12,1,301000110,,,AB1", "SS addition"),
        (DENTAL, 8, "IY,1,510407148,2", "IY code"),
        (PHARMACY, 4, "SH,01,1,,,x", "SH points"),
        (PHARMACY, 5, "CZ,1,20240603,20240703,1,14", "CZ dispensing date"),
        (PHARMACY, 5, "CZ,1,20240603,20240603,1,x", "CZ quantity"),
        (PHARMACY, 5, "CZ,1,20240603,20240603,1,14,1,1,01,42000181,24", "CZ code"),
        (PHARMACY, 7, "IY,610407148,610407028", "IY payers"),
        (PHARMACY, 11, "TO,1,71001000,1", "TO code"),
        (PHARMACY, 12, "TK,83000000,x", "TK code"),
        (PHARMACY, 13, "KI,202406", "KI day"),
    ],
)
def test_a_bad_line_costs_itself(tmp_path: Path, lines: tuple[str, ...], at: int, bad: str, about: str) -> None:
    """The receipt stays, and the report names line and cell."""
    changed_lines = list(lines)
    changed_lines[at] = bad
    path = write(tmp_path, changed_lines)

    assert len(rows(path)) == 1
    assert reports(path) == [(at + 1, "receipt-item-bad", about)]


@pytest.mark.parametrize("lines", [DENTAL, PHARMACY])
def test_totals_of_every_kind(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """A file whose totals (GO) are not those of its receipts is refused whole."""
    path = write(tmp_path, [*lines[:-1], "GO,1,1501,99"])

    assert rows(path) == []
    assert [code for _, code, _ in reports(path)] == ["receipts-total-mismatch"]


@pytest.mark.parametrize("first", ["HI,1,202407,99,1,0000012,,00", "HR,202407,1,12,L1001,秘密谷の理由"])
def test_returned_receipts_are_refused(tmp_path: Path, first: str) -> None:
    """A file of returned receipts is recognised, and says what it is: nothing of it is imported."""
    path = write(tmp_path, [first, *LINES[1:-1], "HG,1,1500,99"])

    assert find(path) == IMPORTER
    assert rows(path) == []
    assert reports(path) == [(1, "receipts-returned", "")]


NUMBER = st.integers(1, 99_999)
AMOUNT = st.none() | st.decimals(0, 999, places=2)
PAYERS = st.none() | st.sampled_from("1A")
DAYS = st.dictionaries(st.integers(1, 30), st.integers(1, 30), min_size=1, max_size=4).map(
    lambda found: tuple(sorted(found.items()))
)


@st.composite
def dental_entry(draw: st.DrawFn) -> Entry:
    kind, code = draw(
        st.sampled_from([("act", "301000110"), ("act", "160000410"), ("drug", "610407148"), ("material", "710010001")])
    )
    added = draw(st.lists(st.sampled_from(["AB001", "CD002"]), max_size=3)) if code.startswith("3") else []
    unit = ("013", draw(AMOUNT)) if kind == "material" else (None, None)
    return Entry(
        kind,  # type: ignore[arg-type]  # one of its three words
        "40",
        draw(PAYERS),
        code,
        draw(AMOUNT),
        draw(st.none() | NUMBER),
        draw(st.none() | NUMBER),
        draw(DAYS),
        unit=unit[0],
        unit_price=unit[1],
        additions=tuple(added),
    )


@st.composite
def dental_diagnosis(draw: st.DrawFn) -> Diagnosis:
    teeth = tuple(draw(st.lists(st.sampled_from(["101600", "1A1700"]), max_size=3)))
    modifiers = tuple(draw(st.lists(st.sampled_from(["8002", "8070"]), max_size=2)))
    return Diagnosis(
        "5234009",
        modifiers,
        draw(st.none() | st.just(date(2024, 6, 3))),
        draw(st.none() | st.just("2")),
        draw(st.booleans()),
        teeth,
    )


@st.composite
def pharmacy_entries(draw: st.DrawFn) -> list[Entry]:
    """Drugs of prescriptions, whose days all differ, and fees."""
    made: list[Entry] = []
    for days in draw(st.lists(DAYS, max_size=3, unique=True)):
        times = sum(quantity for _, quantity in days)
        codes = draw(st.lists(st.sampled_from(["610407148", "610407028"]), min_size=1, max_size=2, unique=True))
        for at, code in enumerate(codes, 1):
            points = draw(NUMBER) if at == len(codes) else None
            made.append(Entry("drug", None, draw(PAYERS), code, draw(AMOUNT), points, times, days))
    for day in draw(st.lists(st.integers(1, 30), max_size=2)):
        times = draw(st.integers(1, 9))
        made.append(Entry("act", None, draw(PAYERS), "442000001", None, draw(NUMBER), times, ((day, times),)))
    return made


def receipt(kind: str, entries: list[Entry], diagnoses: list[Diagnosis], number: int, paid: int | None) -> ReceiptRow:
    table = {"dental": "3", "pharmacy": "4"}[kind]
    return ReceiptRow(
        insurer_number="06990019",
        symbol="101",
        number=str(number),
        branch="01",
        birth_date=date(1980, 2, 29),
        sex="male",
        kana_name="カクウ タロウ",
        claim_month=date(2024, 6, 1),
        billing_month=date(2024, 7, 1),
        kind=kind,  # type: ignore[arg-type]  # one of its four words
        receipt_type=f"{table}112",
        inpatient=False,
        insured="self",
        days=2,
        points=number,
        own_payment=paid,
        public_payers=(),
        diagnosis_group=None,
        diagnoses=tuple(diagnoses),
        entries=tuple(entries),
        identifying=Identifying(Institution(f"99{table}0000012", "架空"), number, SEARCH, "架空太郎", "K-7", (), ()),
    )


receipts = st.builds(
    receipt,
    st.just("dental"),
    st.lists(dental_entry(), max_size=4),
    st.lists(dental_diagnosis(), max_size=3),
    NUMBER,
    st.none() | NUMBER,
) | st.builds(receipt, st.just("pharmacy"), pharmacy_entries(), st.just([]), NUMBER, st.none() | NUMBER)


@settings(max_examples=100, deadline=None)
@given(made=st.lists(receipts, min_size=1, max_size=3))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, made: list[ReceiptRow]) -> None:
    """Whatever these layouts can say is read as it was written, without a report."""
    path = tmp_path_factory.mktemp("any") / "x"
    ordered = sorted(made, key=lambda row: row.kind)
    write_receipts(path, ordered)
    outcomes = list(read(path))

    assert [one for one in outcomes if isinstance(one, Rejected)] == []
    assert [one.row for one in outcomes if isinstance(one, Accepted)] == ordered


CELL = st.text(st.characters(codec="cp932", exclude_characters="\r\n,¢£¬‖−〜"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    lines=st.sampled_from([DENTAL, PHARMACY]),
    changes=st.lists(st.tuples(st.integers(0, 14), st.integers(0, 80), CELL), min_size=1, max_size=4),
)
def test_any_damage(tmp_path_factory: pytest.TempPathFactory, lines: tuple[str, ...], changes: list[tuple[int, int, str]]) -> None:
    """Whatever the cells say there is one receipt or none, never a crash, and no report shows anybody."""
    damaged = [line.split(",") for line in lines]
    for line, at, text in changes:
        cells = damaged[line % len(damaged)]
        cells += [""] * (at + 1 - len(cells))
        cells[at] = text
    path = write(tmp_path_factory.mktemp("damage"), [",".join(cells) for cells in damaged])
    outcomes = list(read(path))
    shown = repr(outcomes) + "".join(one.reason for one in outcomes if isinstance(one, Rejected))

    assert sum(isinstance(one, Accepted) for one in outcomes) <= 1
    assert outcomes != []
    assert [word for word in (*PERSON, "もふ太郎") if word in shown] == []
