"""Receipt files for tests, written line by line as the format has them."""

from collections.abc import Iterable
from pathlib import Path

from registrar.importers import Accepted, Rejected
from registrar.importers.receipt_rows import ReceiptRow
from registrar.importers.receipt_uke import read

HEADER = "IR,1,99,1,0000012,,架空診療所,202407,00,"
SEARCH = "202407990000000000000123456789"
PERSON = ("ヒミツタニ", "秘密谷", "424242", "19800229", SEARCH, "痛みのひどい①")
"""What no report may show; `medical()` holds all of it."""
MEDICAL = (
    f"RE,1,1112,202406,秘密谷　もふ太郎,1,19800229,,,,,,,K-7,,,,,{SEARCH},,,,,,,,,,,,,,,,,,ﾋﾐﾂﾀﾆ ﾓﾌﾀﾛｳ,",
    "HO,06990019,１０１,424242,2,1500,,,,,,4500,,,",
    "SN,1,01,,,,01,,",
    "KO,54990011,4242421,,2,1500,1000,4500,,,,",
    "SY,4019014,20200401,1,8002,,01,",
    "SY,0000999,5060601,2,,痛みのひどい①㈱髙,,",
    "SI,12,1,112007410,,75,2,,,,,,,,,1,,,,,,,,,1,,,,,,,,,,,,,,,,,,,",
    "IY,21,1,610407148,1,,,,,,,,,,1",
    "IY,,1,610407028,2.5,4,14,830000001,ひみつの一言,,,,,14",
    "TO,40,1,710010001,1,12,1,013,120.5,,見本カテーテル",
    "CO,40,1,810000001,痛みのひどい①",
    "SJ,01,詳しい事情",
)
LINES = (HEADER, *MEDICAL, "GO,1,1500,99")


def write(folder: Path, lines: Iterable[str], *, encoding: str = "cp932", end: bytes = b"\x1a") -> Path:
    """Write the lines with CRLF and the closing byte."""
    path = folder / "x.bin"
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding) + end)
    return path


def changed(*changes: tuple[int, int, str]) -> list[str]:
    """Return `LINES` with cells changed: line (from 0), position, content."""
    lines = [line.split(",") for line in LINES]
    for line, at, text in changes:
        lines[line] += [""] * (at + 1 - len(lines[line]))
        lines[line][at] = text
    return [",".join(cells) for cells in lines]


def rows(path: Path) -> list[ReceiptRow]:
    return [one.row for one in read(path) if isinstance(one, Accepted)]


def reports(path: Path) -> list[tuple[int | None, str, str]]:
    return [(one.line, one.code, one.about) for one in read(path) if isinstance(one, Rejected)]
