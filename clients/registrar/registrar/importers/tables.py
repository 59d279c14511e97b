"""Reading tables of checkups: the whole file is looked through before its first row is handed out."""

import csv
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

MAX_BYTES = 1 << 30
_CHUNK = 1 << 20
_HEAD = 1 << 16
ENCODINGS = ("utf-8-sig", "cp932")


class TableError(Exception):
    """The table as a whole cannot be used; `code` is a report code."""

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written."""

    encodings: Sequence[str] = ENCODINGS
    delimiter: str = ","


def lines_of(path: Path, layout: Layout | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield every line that is not empty, with its number; TableError before the first one if anything cannot be read."""
    layout = layout or Layout()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TableError("file-too-large")
        encoding = encoding_of(path, layout.encodings)
        if encoding is None:
            raise TableError("encoding-unknown")
        with path.open(encoding=encoding, newline="") as lines:
            for _ in _cells(lines, layout):
                pass
            lines.seek(0)
            yield from _cells(lines, layout)
    except OSError:
        raise TableError("file-unreadable") from None


def head_of(path: Path, count: int, layout: Layout | None = None) -> list[list[str]]:
    """Return the first lines of what may be a table, empty when it cannot be one."""
    layout = layout or Layout()
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return []
    begun = head.splitlines()[:count]
    found = max((_readable(begun, encoding) for encoding in layout.encodings), key=len)
    try:
        return list(csv.reader(found, delimiter=layout.delimiter))
    except csv.Error:
        return []


def _readable(lines: Sequence[bytes], encoding: str) -> list[str]:
    """Return the lines before the first that the encoding does not have."""
    found: list[str] = []
    for line in lines:
        try:
            found.append(line.decode(encoding))
        except UnicodeDecodeError:
            break
    return found


def encoding_of(path: Path, encodings: Sequence[str] = ENCODINGS) -> str | None:
    """Return the first encoding in which the whole file can be read."""
    for encoding in encodings:
        decoder = getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _cells(lines: TextIO, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise TableError("table-damaged", line) from None
