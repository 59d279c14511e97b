"""Dates and months of receipts: Gregorian, or by era in files from before October 2020; the length tells which."""

from datetime import date

_ERAS = {
    "1": (date(1868, 1, 25), 1912),
    "2": (date(1912, 7, 30), 1926),
    "3": (date(1926, 12, 25), 1989),
    "4": (date(1989, 1, 8), 2019),
    "5": (date(2019, 5, 1), 2117),
}
"""Meiji, Taisho, Showa, Heisei, Reiwa: first day, and the last calendar year that was written with it."""
_EARLIEST, _LATEST = 1900, 2100


def parse_day(text: str) -> date | None:
    """YYYYMMDD, or GYYMMDD with the era's digit; None when there is no such day between 1900 and 2100."""
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) == 8:
        return _day(int(text[:4]), text[4:])
    if len(text) == 7 and text[0] in _ERAS:
        first, last = _ERAS[text[0]]
        year = first.year - 1 + int(text[1:3])
        day = _day(year, text[3:])
        return day if day is not None and first <= day and year <= last else None
    return None


def parse_month(text: str) -> date | None:
    """YYYYMM, or GYYMM with the era's digit, as the first day of the month; None when there is no such month."""
    if not (text.isascii() and text.isdigit() and len(text) in (5, 6)):
        return None
    if len(text) == 6:
        return _day(int(text[:4]), text[4:] + "01")
    # An era may begin within a month, so its last day decides whether the month lies in it.
    found = next((day for last in ("31", "30", "29", "28") if (day := parse_day(text + last)) is not None), None)
    return found and found.replace(day=1)


def _day(year: int, month_and_day: str) -> date | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return date(year, int(month_and_day[:2]), int(month_and_day[2:]))
    except ValueError:
        return None
