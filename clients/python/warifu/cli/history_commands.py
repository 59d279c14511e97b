"""The command by which a member reads what was corrected or cancelled."""

from collections.abc import Iterable
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warifu import MemberSession
from warifu.fhir import Result
from warifu.history import FormerCheckup, FormerClaim

from .words import Words


class HistoryCommands:
    """Each public method is the command of its name."""

    def __init__(self, session: MemberSession, console: Console, words: Words) -> None:
        self._session = session
        self._console = console
        self._words = words

    async def history(self) -> None:
        """Show what checkups and claims said before."""
        checkups = await self._session.former_checkups()
        claims = await self._session.former_claims(date.min, date.max)
        if checkups:
            self._console.print(checkups_table(checkups, self._words))
        if claims:
            self._console.print(claims_table(claims, self._words))
        if not (checkups or claims):
            self._console.print(self._words("nothing-corrected"))


def checkups_table(found: Iterable[FormerCheckup], words: Words) -> Table:
    """Return each result that was corrected, before and after."""
    table = Table(title=words("title-former-checkups"))
    for name in ("date", "replaced", "institution", "item", "before", "after"):
        table.add_column(words(name))
    for one in found:
        head: list[str | Text] = [one.checkup.exam_date.isoformat(), one.replaced.isoformat(), Text(one.institution or "")]
        for before, after in one.changes:
            known = before or after
            table.add_row(*head, Text(known.display if known else ""), Text(_said(before)), Text(_said(after)))
            head = ["", "", ""]
        table.add_section()
    return table


def claims_table(found: Iterable[FormerClaim], words: Words) -> Table:
    """Return each version of a claim with its cost before and after."""
    table = Table(title=words("title-former-claims"))
    for name in ("month", "replaced", "claim-kind", "institution", "before", "after"):
        table.add_column(words(name))
    for one in found:
        claim, later = one.claim, one.later
        after = words("cancelled") if later is None else f"{later.points * 10:,}"
        table.add_row(
            *(f"{claim.month:%Y-%m}", one.replaced.isoformat(), words(f"claim-{claim.kind}")),
            *(Text(claim.institution.name or ""), f"{claim.points * 10:,}", after),
        )
    return table


def _said(result: Result | None) -> str:
    if result is None:
        return "-"
    value = result.label or ("" if result.value is None else str(result.value)) or result.absent or ""
    return " ".join(part for part in (value, result.unit or "", result.flag or "") if part)
