"""A snapshot for analysis is made of one instant of the views."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from analysis import MemberYear
from chassis.database import Database, Transaction

from anon_data.snapshots.levels import CODES
from anon_data.snapshots.member_years import Calendar, Given, Known, member_years
from anon_data.store import analysis_views as views

MOST_YEARS = 5
"""Older fiscal years are left out."""
STEPS = 100
"""How often it is said how many members are read."""


class Making(Protocol):
    """A snapshot that takes member-years, as `analysis.making` has it, which nothing else of the service needs to load."""

    roster_key: bytes
    told: Callable[[str], None]

    def add(self, row: MemberYear) -> None:
        """Take a member-year."""
        ...


async def make_snapshot(db: Database, made: Making, given: Given) -> int:
    """Hand over every member-year, read in one transaction in which nothing changes; return how many people there are.

    Names of persons last until the next fold, and a seal puts new tables in the place of those that are read: it waits. What is
    handed over is named by the roster's key, the same in each month.
    """
    async with db.turn("make-snapshot") as tx:
        return await _hand_over(tx, made, given)


async def _hand_over(tx: Transaction, made: Making, given: Given) -> int:
    await views.name_by(tx, made.roster_key)
    years = dict(list((await views.fiscal_years(tx)).items())[-MOST_YEARS:])
    calendar = Calendar(years, await views.last_claims(tx), given, await views.screened(tx))
    of, counted = await views.number(tx), 0
    people = await views.people(tx)
    parts = {
        "results": Followed(await views.results(tx, CODES)),
        "guidance": Followed(await views.guidance(tx)),
        "costs": Followed(await views.costs(tx)),
        "drugs": Followed(await views.drugs(tx)),
        "participation": Followed(await views.participation(tx)),
        "visits": Followed(await views.visits(tx)),
        "portal_use": Followed(await views.portal_use(tx)),
        "diagnosed": Followed(await views.diagnosed(tx)),
        "screenings": Followed(await views.screenings(tx)),
    }
    async for page in people:
        for person in page:
            of_person = {name: await part.of(person["person"]) for name, part in parts.items()}
            for row in member_years(Known(person, **of_person), calendar):
                made.add(row)
            counted += 1
            if counted % max(1, of // STEPS) == 0:
                made.told(f"{counted:,} of {of:,} members are read")
    return counted


class Followed:
    """Rows in the order of persons, of which each person's are taken in turn."""

    def __init__(self, pages: views.Rows) -> None:
        self._pages = pages
        self._page: Sequence[Any] = ()
        self._next: int | None = 0
        """Place of the next row in the page, None after the last one."""

    async def of(self, person: bytes) -> list[Any]:
        """Return the rows of one person, who comes after everybody that was asked for before."""
        found: list[Any] = []
        while self._next is not None:
            for place in range(self._next, len(self._page)):
                row = self._page[place]
                if row["person"] > person:
                    self._next = place
                    return found
                if row["person"] == person:
                    found.append(row)
            await self._turn()
        return found

    async def _turn(self) -> None:
        try:
            self._page, self._next = await anext(self._pages), 0
        except StopAsyncIteration:
            self._next = None
