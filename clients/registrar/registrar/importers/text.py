"""Folding and parsing what people type."""

import re
from datetime import date
from unicodedata import category, normalize

_DATE = re.compile(r"(\d{4})([-/]?)(\d{1,2})\2(\d{1,2})", re.ASCII)
_EARLIEST = 1900
"""Before it no host takes a year of birth."""


def fold(raw: str) -> str:
    """NFKC (full-width digits and letters, half-width kana) without white space at the ends."""
    return raw.strip() if raw.isascii() else normalize("NFKC", raw).strip()


def has_controls(text: str) -> bool:
    """Whether the text holds control, surrogate or unassigned characters; private ones (gaiji) are fine."""
    return not text.isprintable() and any(category(letter) in ("Cc", "Cs", "Cn", "Zl", "Zp") for letter in text)


def parse_date(text: str) -> date | None:
    """YYYY-MM-DD, YYYY/MM/DD (one-digit months and days too) or YYYYMMDD; None when there is no such day from 1900 on."""
    found = _DATE.fullmatch(text)
    if found is None or (not found[2] and len(text) != 8):
        return None
    try:
        day = date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    return day if day.year >= _EARLIEST else None


def fiscal_year(day: date) -> int:
    """Return the Japanese fiscal year, which starts on 1 April."""
    return day.year - (day.month < 4)
