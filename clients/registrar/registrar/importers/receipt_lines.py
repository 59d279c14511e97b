"""The physical lines of a receipt file (UKE): CP932, commas without quotes, CRLF or LF, a closing 0x1A; read one at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from .text import has_controls

LONGEST = 8_192
"""Bytes of one line; the longest field of the format, a narrative, has 2,400."""
_IDENTIFIED = re.compile(rb"[A-Z][A-Z0-9](?:,|$)")
_END = b"\x1a"


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One line: `name` is the record id or "" where there is none, `cells` are None when the line cannot be read."""

    line: int
    name: str
    cells: tuple[str, ...] | None


def records(path: Path) -> Iterator[Record]:
    """Yield every line that is not blank; OSError when the file cannot be read."""
    with path.open("rb") as file:
        for number, raw, whole in _physical(file):
            if raw:
                yield _record(number, raw, whole=whole)


def is_utf8(path: Path) -> bool:
    """Whether the file is UTF-8 with Japanese in it, which CP932 text as good as never is too."""
    japanese = False
    with path.open("rb") as file:
        for number, raw, whole in _physical(file):
            if number == 1 and raw.startswith(b"\xef\xbb\xbf"):
                return True
            if not raw.isascii() and whole:
                try:
                    japanese |= max(raw.decode("utf-8")) >= "\u3000"
                except UnicodeDecodeError:
                    return False
    return japanese


def _physical(file: BufferedReader) -> Iterator[tuple[int, bytes, bool]]:
    """Yield each line's number, its bytes without what ends it, and whether they are the whole line."""
    number = 0
    while raw := file.readline(LONGEST + 2):
        number += 1
        rest = raw
        while not rest.endswith(b"\n") and (more := file.readline(LONGEST)):
            rest = more
        line = raw.rstrip(b"\r\n")
        if line.endswith(_END) and not file.peek(1):
            line = line.rstrip(b"\r\n" + _END)
        yield number, line, rest is raw


def _record(number: int, raw: bytes, *, whole: bool) -> Record:
    name = raw[:2].decode("ascii") if _IDENTIFIED.match(raw) else ""
    if not (name and whole):
        return Record(number, name, None)
    try:
        text = raw.decode("cp932")
    except UnicodeDecodeError:
        return Record(number, name, None)
    return Record(number, name, None if has_controls(text) else tuple(text.split(",")))
