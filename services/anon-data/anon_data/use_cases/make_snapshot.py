"""A snapshot for analysis is made of one instant of the views."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from analysis import MemberYear
from chassis.database import Database

from anon_data.snapshots.levels import CODES
from anon_data.snapshots.member_years import Calendar, Given, Known, member_years
from anon_data.store import analysis_views as views

MOST_YEARS = 5
"""Older fiscal years are left out."""


async def make_snapshot(db: Database, add: Callable[[MemberYear], None], given: Given, roster_key: bytes) -> int:
    """Hand over every member-year, read in one transaction in which nothing changes; return how many people there are.

    Names of persons last until the next fold; it waits for nobody, but what is read here is of one instant. What is handed over is
    named by `roster_key`, the same in each month.
    """
    counted = 0
    async with db.transaction("make-snapshot", readonly=True, isolation="repeatable_read") as tx:
        await views.name_by(tx, roster_key)
        years = dict(list((await views.fiscal_years(tx)).items())[-MOST_YEARS:])
        calendar = Calendar(years, await views.last_claims(tx), given)
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
                add(row)
            counted += 1
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
