"""Receipts (レセプト) as the examining bodies hand them on: RECEIPTC, D, S and Y files (UKE) of medical, DPC, dental, pharmacy.

The file is read twice, a line at a time: first for what makes it whole (header, totals, end), then receipt by receipt. A
section begins with its institution's header (IR, YK) and ends with its totals (GO); a file may have several. Files of returned
receipts (HEN: HI, HR, HG) are known and refused: they tell institutions what to bill anew.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .receipt_content import Content
from .receipt_dental import DentalContent
from .receipt_draft import Draft
from .receipt_head import HEADERS, Header, parse_header
from .receipt_lines import Record, records
from .receipt_pharmacy import PharmacyContent
from .receipt_rows import ReceiptRow
from .receipt_totals import check
from .report import Accepted, Importer, Rejected

Outcome = Accepted[ReceiptRow] | Rejected

MAX_BYTES = 1 << 30
_WHERE = "receipts"
_HEAD = ("HO", "KO", "SN", "BU")
_CONTENT = frozenset({*Content.NAMES, *DentalContent.NAMES, *PharmacyContent.NAMES})
_NAMED = frozenset({"UK", "MN", "JD", "MF", "SB", "CD", "ST", *_CONTENT})
"""Ids that a report may name when such records are passed over; others are only counted, because they are input."""
_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?[A-Z][A-Z0-9],")
_TELLING = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:HI,|(?:IR|YK),[^,\n]{0,4},[^,\n]{0,4},[^,\n]{0,4},|RE,[0-9]{1,9},[0-9]{4},)", re.MULTILINE
)
_SNIFFED = 1 << 16


def sniff(path: Path) -> bool:
    """Whether the file begins like a record, and among its first ones is a header or a receipt."""
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFFED)
    except OSError:
        return False
    return _FIRST.match(head) is not None and _TELLING.search(head) is not None


def read(path: Path) -> Iterator[Outcome]:
    """Yield each receipt's row, then the reports on its lines; what was passed over is a note at the end."""
    try:
        if path.stat().st_size > MAX_BYTES:
            yield Rejected(_WHERE, None, "file-too-large")
        elif report := check(path, _WHERE):
            yield report
        else:
            yield from _receipts(records(path))
    except OSError:
        yield Rejected(_WHERE, None, "file-unreadable")


def _receipts(lines: Iterator[Record]) -> Iterator[Outcome]:
    passed_over = Counter[str]()
    header: Header | None = None
    draft: Draft | None = None
    for record in lines:
        if record.name in (*HEADERS, "RE", "GO"):
            if draft is not None:
                yield from draft.finish()
            draft = None
            if record.name in HEADERS:
                header = parse_header(record)
            elif record.name == "RE" and header is not None:
                draft = Draft.begin(record, header, _WHERE)
        elif draft is None:
            yield from _outside(record, passed_over)
        else:
            _inside(draft, record, passed_over)
    if passed_over:
        yield Rejected(_WHERE, None, "receipt-records-unread", _told(passed_over))


def _outside(record: Record, passed_over: Counter[str]) -> Iterator[Rejected]:
    """Judge a line that belongs to no receipt."""
    if not record.name or record.name in (*_HEAD, *_CONTENT):
        yield Rejected(_WHERE, record.line, "receipt-line-stray" if record.name else "receipt-line-bad")
    else:
        passed_over[record.name] += 1


def _inside(draft: Draft, record: Record, passed_over: Counter[str]) -> None:
    draft.note(record)
    if not record.name:
        draft.broken(record.line)
    elif record.name in _HEAD:
        draft.head(record)
    elif record.name in draft.content_names:
        draft.content(record)
    else:
        passed_over[record.name] += 1


def _told(passed_over: Counter[str]) -> str:
    named = Counter[str]()
    for name, count in passed_over.items():
        named[name if name in _NAMED else "others"] += count
    return ", ".join(f"{count} {name}" for name, count in sorted(named.items()))


IMPORTER = Importer("receipts-uke", sniff, read)
