"""A snapshot for analysis is made of one instant of the views."""

from collections.abc import Callable
from typing import Protocol

from analysis.columns import MemberYears
from chassis.database import Database

from anon_data.snapshots.given import Given
from anon_data.snapshots.levels import CODES
from anon_data.snapshots.member_years import member_years
from anon_data.store import analysis_views as views


class Making(Protocol):
    """A snapshot that takes member-years, as `analysis.making` has it."""

    roster_key: bytes
    told: Callable[[str], None]

    def extend(self, rows: MemberYears) -> None:
        """Take member-years."""
        ...


async def make_snapshot(db: Database, made: Making, given: Given) -> int:
    """Hand over every member-year, read at one moment by two connections; return how many people there are.

    Names of persons last until the next fold, and a seal puts new tables in the place of those that are read: it waits until they
    are read. What is handed over is named by the roster's key, the same in each month.
    """
    async with db.turn("make-snapshot") as tx, db.beside(tx) as other:
        read = await views.read(tx, other, made.roster_key, CODES, made.told)
    rows = member_years(read, given)
    del read
    made.extend(rows)
    return len(rows.people)
