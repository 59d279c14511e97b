"""Dates as tables write them: Western ones, and years of an era."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from .text import parse_date

_ERAS = {
    "M": (date(1868, 1, 25), date(1912, 7, 29)),
    "T": (date(1912, 7, 30), date(1926, 12, 24)),
    "S": (date(1926, 12, 25), date(1989, 1, 7)),
    "H": (date(1989, 1, 8), date(2019, 4, 30)),
    "R": (date(2019, 5, 1), date.max),
}
_NAMES = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}
_PACKED = re.compile(r"([MTSHR])(\d{2})(\d{2})(\d{2})", re.ASCII)
_SEPARATED = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR])(\d{1,2}|元)[./-](\d{1,2})[./-](\d{1,2})", re.ASCII)
_WORDS = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR])(\d{1,2}|元)年(\d{1,2})月(\d{1,2})日", re.ASCII)
_WESTERN_WORDS = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII)

Form = Callable[[str], date | None]


def parse_era(text: str) -> date | None:
    """GYYMMDD with the era's letter, such as S430101; None for a day outside its era."""
    return _of_era(_PACKED.fullmatch(text.upper()))


def any_of(forms: Sequence[Form]) -> Form:
    """Return a reader that takes a date in any of the forms."""
    return lambda text: next((day for form in forms if (day := form(text)) is not None), None)


def _dashed(text: str) -> date | None:
    return parse_date(text) if "-" in text else None


def _slashed(text: str) -> date | None:
    return parse_date(text) if "/" in text else None


def _plain(text: str) -> date | None:
    return parse_date(text) if text.isdigit() else None


def _western_words(text: str) -> date | None:
    found = _WESTERN_WORDS.fullmatch(text)
    return parse_date("-".join(found.groups())) if found else None


def _separated(text: str) -> date | None:
    return _of_era(_SEPARATED.fullmatch(text.upper()))


def _words(text: str) -> date | None:
    return _of_era(_WORDS.fullmatch(text.upper()))


def _of_era(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    first, last = _ERAS[_NAMES.get(found[1], found[1])]
    year = 1 if found[2] == "元" else int(found[2])
    day = parse_date(f"{first.year + year - 1:04d}-{found[3]}-{found[4]}") if year else None
    return day if day is not None and first <= day <= last else None


FORMS: dict[str, Form] = {
    "YYYY-MM-DD": _dashed,
    "YYYY/MM/DD": _slashed,
    "YYYYMMDD": _plain,
    "YYYY年MM月DD日": _western_words,
    "GYYMMDD": parse_era,
    "GYY.MM.DD": _separated,
    "GYY年MM月DD日": _words,
}
"""The date forms by the names that profiles use. G is an era's letter (M T S H R), in the last two also its name."""
