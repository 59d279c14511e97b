"""Commands by which a member reads checkups."""

from rich.console import Console

from warifu.checkup_views import sex_of
from warifu.session import MemberSession

from .checkup_tables import checkup_pages, meanings_table, years_table
from .words import Words


class CheckupCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words) -> None:
        self._session = session
        self._console = console
        self._words = words

    async def checkups(self, fiscal_year: str | None = None) -> None:
        """Show all checkups, or those of one fiscal year, with what the rules make of them."""
        year = None if fiscal_year is None else int(fiscal_year)
        found = await self._session.checkups()
        details = {at: self._session.details(checkup) for at, checkup in enumerate(found.checkups)}
        parts = list(checkup_pages(found, details, self._words, sex=sex_of(self._session.profile), fiscal_year=year))
        for part in parts:
            self._console.print(part)
        if not parts:
            self._console.print(self._words("nothing"))

    async def years(self) -> None:
        """Compare the last checkups."""
        views = await self._session.checkup_views()
        self._console.print(years_table(views, self._words) if views else self._words("nothing"))

    async def meanings(self) -> None:
        """Say what the values of the newest checkup mean."""
        views = await self._session.checkup_views()
        self._console.print(meanings_table(views[0], self._words) if views else self._words("nothing"))
