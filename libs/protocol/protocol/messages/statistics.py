"""What analysts and the office read at anon-data: numbers of people, never rows of one."""

from .base import Message


class ExaminedInYear(Message):
    """How many people were examined in one Japanese fiscal year."""

    fiscal_year: int
    """The year in which it began (1 April)."""
    people: int | None
    """None where there are fewer than ten."""


class Examined(Message):
    """``GET /staff/examined``: the latest year first; no sum over years, from which a hidden number could be taken."""

    years: tuple[ExaminedInYear, ...]
