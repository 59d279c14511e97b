"""Staff reads how many people were examined in each year."""

from chassis.database import Database
from protocol.messages.statistics import Examined, ExaminedInYear

from anon_data.store import checkups

FEWEST_SHOWN = 10
"""People in a smaller group could be recognised."""


async def count_examined(db: Database) -> Examined:
    """Return the years, the latest first; numbers under ten are not shown."""
    async with db.statements("count-examined") as tx:
        counted = await checkups.people_by_year(tx)
    return Examined(years=tuple(ExaminedInYear(fiscal_year=year, people=_shown(people)) for year, people in counted))


def _shown(people: int) -> int | None:
    return people if people >= FEWEST_SHOWN else None
