"""Sheets that leave: each line says who let it leave, and bears a seal that only the key of the shelf makes.

A seal is HMAC-SHA256 (RFC 2104), half of it, of the head, the watermark, the line's number, how many there are, and its entries.
Numbers are taken by their value, so that a spreadsheet may write a file anew; whatever else is changed, left out or added is told.
"""

import csv
import hmac
import io
import json
import os
import re
import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from analysis.errors import ExportUnusable
from analysis.sheets import Entry, Sheet

HEAD = ("watermark", "seal")
_KEY = ".export-key"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_SEAL = re.compile(r"([1-9][0-9]{0,6})/([1-9][0-9]{0,6})-([A-Z2-7]{26})")
_BYTES = 16


@dataclass(frozen=True, slots=True)
class Watermark:
    """What each line says: the export, whose passkeys asked for it and approved it, the day, the snapshot, the definitions."""

    export: str
    asked_by: str
    approved_by: str
    day: date
    snapshot: str
    definitions: str

    @property
    def text(self) -> str:
        """The watermark in words."""
        return (
            f"export {self.export}, asked by {self.asked_by}, approved by {self.approved_by}, {self.day.isoformat()}, "
            f"snapshot {self.snapshot}, definitions {self.definitions}"
        )


def export_key(shelf: Path) -> bytes:
    """Return the key of the seals, 32 bytes, made with the first export; OSError where the folder cannot be written."""
    file = shelf / _KEY
    if not file.exists():
        fresh = shelf / f"{_KEY}.{secrets.token_hex(8)}"
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass  # another process was first
        finally:
            fresh.unlink()
    return read_key(shelf)


def read_key(shelf: Path) -> bytes:
    """Return the key of the seals; OSError where there is none."""
    return (shelf / _KEY).read_bytes()


def digest_of(definitions: dict[str, str]) -> str:
    """Return one short hash of all definitions, 16 hexadecimal digits."""
    return sha256(json.dumps(definitions, sort_keys=True).encode()).hexdigest()[:16]


def marked(sheet: Sheet, watermark: Watermark, key: bytes) -> Sheet:
    """Return a sheet whose lines bear watermark and seal, in two columns at the end."""
    text, count = watermark.text, len(sheet.lines)
    lines = [
        (*line, text, f"{at}/{count}-{_mac(key, sheet.head, text, at, count, line)}") for at, line in enumerate(sheet.lines, 1)
    ]
    return Sheet((*sheet.head, *HEAD), tuple(lines), sheet.notes)


def verify(content: bytes, key: bytes) -> str:
    """Return the watermark of a CSV file or workbook that is as it left; raise ExportUnusable with what is wrong."""
    head, *lines = [line for line in _read(content) if any(entry not in {None, ""} for entry in line)] or [()]
    if tuple(head[-2:]) != HEAD or not lines:
        raise ExportUnusable("unmarked: this is no file that left by an export, or its marks were taken out")
    seals = [_SEAL.fullmatch(str(line[-1])) if len(line) == len(head) else None for line in lines]
    texts = {str(line[-2]) for line in lines if len(line) == len(head)}
    altered = []
    for number, (line, seal) in enumerate(zip(lines, seals, strict=True), 1):
        wanted = "" if seal is None else _mac(key, head[:-2], str(line[-2]), int(seal[1]), int(seal[2]), line[:-2])
        if seal is None or not hmac.compare_digest(wanted, seal[3]):
            altered.append(str(number))
    if altered:
        raise ExportUnusable(f"altered: lines {', '.join(altered[:20])} are not as they left")
    places = [(int(seal[1]), int(seal[2])) for seal in seals if seal is not None]
    if len(texts) > 1:
        raise ExportUnusable("altered: lines of several exports were put together")
    if places != [(at, len(lines)) for at in range(1, len(lines) + 1)]:
        raise ExportUnusable(f"altered: of {places[0][1]} lines some are missing, twice or elsewhere; {len(lines)} are here")
    return texts.pop()


def _mac(key: bytes, head: Sequence[Entry], watermark: str, at: int, count: int, line: Sequence[Entry]) -> str:
    said = [[_text(one) for one in head], watermark, at, count, [_text(one) for one in line]]
    made = hmac.digest(key, json.dumps(said, ensure_ascii=False).encode(), "sha256")[:_BYTES]
    return b32encode(made).decode().rstrip("=")


def _text(entry: Entry) -> str:
    text = "" if entry is None else str(entry)
    return repr(float(text)) if _NUMBER.fullmatch(text) else text


def _read(content: bytes) -> list[tuple[Entry, ...]]:
    if not content.startswith(b"PK"):
        try:
            return [tuple(line) for line in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
        except (UnicodeDecodeError, csv.Error):
            raise ExportUnusable("this is neither CSV nor a workbook") from None
    from analysis.workbooks import read  # noqa: PLC0415  # loads openpyxl

    return read(content)
