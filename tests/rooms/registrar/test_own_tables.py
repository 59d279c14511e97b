"""Tables of cancelled receipts and of prices: what they say, everything that can be wrong, and any damage."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol.messages.prices import DrugPrice
from registrar.importers import Accepted, Importer, Rejected, find
from registrar.importers.prices_csv import IMPORTER as PRICES
from registrar.importers.receipt_cancellations import IMPORTER as CANCELLATIONS
from registrar.importers.receipt_rows import Cancellation, ReceiptKey

SECRET = "ヒミツタニ"
SEARCH = "202607990000000000000123456789"


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path


def read(importer: Importer[object], path: Path) -> tuple[list[object], list[tuple[int | None, str]]]:
    outcomes = list(importer.read(path))
    reports = [one for one in outcomes if isinstance(one, Rejected)]
    assert SECRET not in "".join(one.reason for one in reports)
    return [one.row for one in outcomes if isinstance(one, Accepted)], [(one.line, one.code) for one in reports]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_cancellations(tmp_path: Path, encoding: str) -> None:
    """A receipt is named by its search number, or by institution, billing month and number; months may be of an era."""
    header = "取消年月,種別,検索番号,医療機関番号,請求年月,レセプト番号"
    lines = (f"202609,医科,{SEARCH},,,", "50809,調剤,,9940000012,202607,３", "202609,DPC,1,,,", "202609,dental,,9930000012,50807,7")
    path = write(tmp_path / "x", header, *lines, encoding=encoding)
    rows, reports = read(CANCELLATIONS, path)
    july, september = date(2026, 7, 1), date(2026, 9, 1)

    assert (find(path), reports) == (CANCELLATIONS, [])
    assert rows == [
        Cancellation(ReceiptKey("medical", SEARCH, None, None, None), september),
        Cancellation(ReceiptKey("pharmacy", None, "9940000012", july, 3), september),
        Cancellation(ReceiptKey("dpc", "1", None, None, None), september),
        Cancellation(ReceiptKey("dental", None, "9930000012", july, 7), september),
    ]


@pytest.mark.parametrize(
    "line",
    [
        f"{SECRET},1,,,,202609",
        f"医科,{SECRET},,,,202609",
        f"医科,1,,,,{SECRET}",
        "医科,,9910000012,202607,,202609",
        "医科,,9910000012,202613,3,202609",
        "医科,,991,202607,3,202609",
        "医科,,,,,202609",
    ],
)
def test_refused_cancellations(tmp_path: Path, line: str) -> None:
    """A line that does not say which receipt, or since when, is reported alone."""
    path = write(tmp_path / "x", "kind,search_number,institution,billing_month,receipt_number,cancelled", line, "医科,1,,,,202609")
    rows, reports = read(CANCELLATIONS, path)

    assert (len(rows), reports) == (1, [(2, "cancellation-bad")])


def test_prices(tmp_path: Path) -> None:
    """Codes, names, prices and marks are read; what stands there twice alike is one, and another price for it is reported."""
    header = "医薬品コード,医薬品名,規格単位,薬価,一般名コード,後発品,切替対象外"
    lines = (
        "610407148,見本錠,1錠,23.70,2149X,,1",
        "620000001,後発,1錠,１０,2149X,1,",
        "620000001,後発,1錠,10,2149X,1,",
        "620000001,後発,1錠,9,2149X,1,",
    )
    path = write(tmp_path / "x", header, *lines)
    rows, reports = read(PRICES, path)

    assert (find(path), reports) == (PRICES, [(5, "price-repeated")])
    assert rows == [
        DrugPrice(code="610407148", name="見本錠", unit="1錠", price=Decimal("23.70"), family="2149X", switchable=False),
        DrugPrice(code="620000001", name="後発", unit="1錠", price=Decimal(10), family="2149X", generic=True),
    ]


@pytest.mark.parametrize(
    "line", ["61040714,a,1,,", "610407148,,1,,", "610407148,a,-1,,", "610407148,a,x,,", "610407148,a,1,x x,", "610407148,a,1,,yes"]
)
def test_refused_prices(tmp_path: Path, line: str) -> None:
    """A code, name, price, family or mark that has not its form costs the line."""
    _, reports = read(PRICES, write(tmp_path / "x", "code,name,price,family,generic", line))

    assert reports == [(2, "price-bad")]


@pytest.mark.parametrize(
    ("lines", "report"),
    [
        ([], (None, "table-empty")),
        (["code,name"], (1, "columns-missing")),
        (["code,name,price,price"], (1, "columns-repeated")),
        (["code,name,price,氏名"], (1, "columns-missing")),
        (["code,name,price", "610407148,a"], (2, "cells-mismatch")),
        (["code,name,price", '610407148,"a,1'], (2, "table-damaged")),
        (["code,name,price", "610407148,a\x07,1"], (2, "control-character")),
    ],
)
def test_damaged_tables(tmp_path: Path, lines: list[str], report: tuple[int | None, str]) -> None:
    """A table without its columns, or broken within, is told by line."""
    assert read(PRICES, write(tmp_path / "x", *lines)) == ([], [report])


@pytest.mark.parametrize("importer", [PRICES, CANCELLATIONS], ids=lambda one: one.name)
@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=200)
    | st.text(st.sampled_from(f'codenampric,\r\n"0123 医科種別取消年月{SECRET}'), max_size=200).map(str.encode)
)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, importer: Importer[object], content: bytes) -> None:
    """Bytes that nobody ever wrote as a table end in reports, and never in a crash."""
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(content)
    importer.sniff(path)
    read(importer, path)
