"""The Japanese fiscal year, which begins on 1 April and is named by the year in which it begins."""

from datetime import date

_APRIL = 4


def fiscal_year(day: date) -> int:
    """Return the fiscal year of a day."""
    return day.year if day.month >= _APRIL else day.year - 1


def first_day(year: int) -> date:
    """Return the day on which a fiscal year begins."""
    return date(year, _APRIL, 1)
