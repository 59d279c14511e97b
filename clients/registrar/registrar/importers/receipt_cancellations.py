"""A table of receipts that were cancelled (取消, 返戻): this project's own, because no public layout on the insurer's side exists.

The columns are 種別 (医科, DPC, 歯科, 調剤), 検索番号, 医療機関番号 (10 digits), 請求年月, レセプト番号, 取消年月, or in English
kind, search_number, institution, billing_month, receipt_number, cancelled. A receipt is named by its search number, or by the three
columns that follow; months are YYYYMM.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from .own_table import OwnTable
from .receipt_dates import parse_month
from .receipt_rows import Cancellation, ReceiptKey, ReceiptKind
from .report import Accepted, Importer, Rejected

_TABLE = OwnTable(
    "cancellations",
    {
        "種別": "kind",
        "検索番号": "search_number",
        "医療機関番号": "institution",
        "請求年月": "billing_month",
        "レセプト番号": "receipt_number",
        "取消年月": "cancelled",
    },
    ("kind", "cancelled"),
)
_KINDS: Mapping[str, ReceiptKind] = MappingProxyType(
    {
        "医科": "medical",
        "DPC": "dpc",
        "歯科": "dental",
        "調剤": "pharmacy",
        "medical": "medical",
        "dpc": "dpc",
        "dental": "dental",
        "pharmacy": "pharmacy",
    }
)


def read(path: Path) -> Iterator[Accepted[Cancellation] | Rejected]:
    """Yield each line's row or report."""
    for outcome in _TABLE.lines(path):
        if isinstance(outcome, Rejected):
            yield outcome
            continue
        line, said = outcome
        row = _row(said)
        yield Accepted(_TABLE.where, line, row) if row else Rejected(_TABLE.where, line, "cancellation-bad")


def _row(said: Mapping[str, str]) -> Cancellation | None:
    kind, cancelled = _KINDS.get(said["kind"]), parse_month(said["cancelled"])
    if kind is None or cancelled is None:
        return None
    search = said["search_number"]
    if search:
        found = ReceiptKey(kind, search, None, None, None) if _digits(search, range(1, 31)) else None
    else:
        month = parse_month(said["billing_month"])
        number = said["receipt_number"]
        named = month is not None and _digits(said["institution"], (10,)) and _digits(number, range(1, 10))
        found = ReceiptKey(kind, None, said["institution"], month, int(number)) if named else None
    return Cancellation(found, cancelled) if found else None


def _digits(text: str, lengths: range | tuple[int, ...]) -> bool:
    return text.isascii() and text.isdigit() and len(text) in lengths


IMPORTER = Importer("receipt-cancellations", _TABLE.sniff, read)
