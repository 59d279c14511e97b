"""Orders as a table for a supplier: of a member it has the order's name and the sealed address alone."""

import csv
import io
from collections.abc import Sequence

from protocol.encoding import b64u
from protocol.messages.exchange import SupplierOrder

COLUMNS = (
    "order",
    "state",
    "revision",
    "day",
    "kind",
    "product",
    "units",
    "points",
    "address_key",
    "address_revision",
    "address",
    "reply_key",
)
"""One row a line of an order; what is said of the order stands in each. Bytes are base64url, ``points`` are of one unit."""
_BOM = "\ufeff"


def as_csv(orders: Sequence[SupplierOrder]) -> str:
    """Return CSV (RFC 4180) with a line of titles, and a byte order mark, by which spreadsheets know UTF-8."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for order in orders:
        rows.writerows(_rows(order))
    return _BOM + out.getvalue()


def _rows(order: SupplierOrder) -> list[tuple[object, ...]]:
    sealed = order.address
    address = ("", "", "") if sealed is None else (b64u(sealed.key_id), sealed.revision, b64u(sealed.content))
    reply_key = "" if order.reply_key is None else b64u(order.reply_key)
    about = (b64u(order.id), order.state, order.revision, order.day.isoformat(), order.kind)
    return [(*about, b64u(line.product), line.units, line.points, *address, reply_key) for line in order.lines]
