"""A table of prices for the drugs of invented receipts, each with generics that do not exist."""

import csv
from decimal import Decimal
from pathlib import Path

from . import receipt_codes as codes

_GENERICS = (("甲", Decimal("0.6")), ("乙", Decimal("0.4")))


def write_prices(path: Path) -> Path:
    """Write the table and return its path."""
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("医薬品コード", "医薬品名", "規格単位", "薬価", "一般名コード", "後発品"))
        for at, drug in enumerate(codes.DRUGS, 1):
            price = Decimal(str(drug.price))
            writer.writerow((drug.code, drug.name, "1錠", price, f"X{at:03d}", ""))
            for number, (letter, rate) in enumerate(_GENERICS, 1):
                made = (f"6999{at:03d}{number:02d}", f"架空後発品{at}{letter}", "1錠", round(price * rate, 1), f"X{at:03d}", "1")
                writer.writerow(made)
    return path
