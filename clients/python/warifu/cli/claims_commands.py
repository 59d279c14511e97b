"""The shell's commands about costs, medicines, guidance and screenings."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console

from warifu import InputRefused, MemberSession

from .claims_tables import costs_table, guidance_tables, medicines_table, savings_table, screenings_table, support_table
from .words import Words

_FIRST_YEAR = 2000


class ClaimsCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words, today: Callable[[], date]) -> None:
        self._session = session
        self._console = console
        self._words = words
        self._today = today

    async def costs(self, year: str | None = None) -> None:
        """Show what was billed: a year by month, or all by year."""
        found = await self._session.costs(*self._span(year))
        self._console.print(costs_table(found, self._words, by_year=year is None) if found else self._words("nothing"))

    async def medicines(self, year: str | None = None) -> None:
        """Show drugs."""
        found = await self._session.medicines(*self._span(year))
        self._console.print(medicines_table(found, self._words) if found else self._words("nothing"))

    async def generics(self, year: str | None = None) -> None:
        """Show what generics would have saved."""
        found = await self._session.savings(*self._span(year))
        self._console.print(savings_table(found, self._words) if found else self._words("no-savings"))

    async def guidance(self) -> None:
        """Show what health guidance came to, and what those who guide told."""
        found, years = await self._session.guidance(), await self._session.guidance_support()
        for table in guidance_tables(found, self._words):
            self._console.print(table)
        if years:
            self._console.print(support_table(years, self._words))
        if not found and not years:
            self._console.print(self._words("nothing"))

    async def screenings(self) -> None:
        """Show in which cancer screenings the insurer knows that the member took part."""
        years = await self._session.screenings()
        self._console.print(screenings_table(years, self._words) if years else self._words("nothing"))

    async def statement(self, year: str, folder: str = ".") -> None:
        """Write the year's statement for the tax return, as a table and as a page to print."""
        made = await self._session.statement(self._year(year))
        if not made.rows:
            self._console.print(self._words("nothing"))
            return
        for ending, text in (("csv", made.csv), ("html", made.page)):
            self._write(Path(folder) / f"medical-costs-{made.year}.{ending}", text)

    def _span(self, year: str | None) -> tuple[date, date]:
        if year is None:
            return date(_FIRST_YEAR, 1, 1), self._today()
        return date(self._year(year), 1, 1), date(self._year(year), 12, 1)

    def _year(self, year: str) -> int:
        if not (len(year) == 4 and year.isascii() and year.isdigit() and int(year) >= _FIRST_YEAR):
            raise ValueError("a year has four digits")
        return int(year)

    def _write(self, path: Path, text: str) -> None:
        """Write a file that only its owner reads, and never over another one."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            raise InputRefused("file", "the file cannot be written") from None
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        self._console.print(self._words("statement-written", file=path), markup=False)
