"""A snapshot for analysis is made of one instant of the views."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from analysis import MemberYear
from chassis.database import Database

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
    counted = 0
    async with db.turn("make-snapshot") as tx:
        await views.name_by(tx, made.roster_key)
        years = dict(list((await views.fiscal_years(tx)).items())[-MOST_YEARS:])
        calendar = Calendar(years, await views.last_claims(tx), given)
        of = await views.number(tx)
        people = await views.people(tx)
        parts = {
            "results": _Followed(await views.results(tx, CODES)),
            "guidance": _Followed(await views.guidance(tx)),
            "costs": _Followed(await views.costs(tx)),
            "drugs": _Followed(await views.drugs(tx)),
            "participation": _Followed(await views.participation(tx)),
            "visits": _Followed(await views.visits(tx)),
            "portal_use": _Followed(await views.portal_use(tx)),
            "diagnosed": _Followed(await views.diagnosed(tx)),
        }
        async for person in people:
            of_person = {name: [row async for row in part.of(person["person"])] for name, part in parts.items()}
            for row in member_years(Known(person, **of_person), calendar):
                made.add(row)
            counted += 1
            if counted % max(1, of // STEPS) == 0:
                made.told(f"{counted:,} of {of:,} members are read")
    return counted


class _Followed:
    """Rows in the order of persons, of which each person's are taken in turn."""

    def __init__(self, rows: AsyncIterator[Any]) -> None:
        self._rows = rows
        self._next: Any = None

    async def of(self, person: bytes) -> AsyncIterator[Any]:
        """Yield the rows of one person, who comes after everybody that was asked for before."""
        while True:
            if self._next is None:
                self._next = await anext(self._rows, None)
            if self._next is None or self._next["person"] > person:
                return
            row, self._next = self._next, None
            if row["person"] == person:
                yield row
