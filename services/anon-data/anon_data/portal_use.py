"""Notes that members read something, without making them wait: who did is gathered in memory and flagged together a little later.

What was gathered and not flagged yet is lost when the process is killed: a flag less, which the next reading of the week sets.
"""

from datetime import date, timedelta

from chassis.clock import Clock
from chassis.database import Database
from chassis.service import Worker
from mailboxes.readers import Reader
from starlette.datastructures import State

from anon_data.use_cases.flag_weeks import flag_weeks

FLAG_PERIOD_S = 5.0


class PortalUse:
    """Who has read something since the last flagging. Whether they agreed to a flag is decided when it is set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._read: set[tuple[bytes, date]] = set()

    def read_by(self, reader: Reader) -> None:
        """Note a reader whose request was admitted and answered."""
        self._read.add((reader.proof.subject, monday(self._clock.now().date())))

    async def flag(self, db: Database) -> None:
        """Set the flags of what was noted since the last time; what fails is noted again."""
        read, self._read = self._read, set()
        try:
            await flag_weeks(db, read)
        except BaseException:
            self._read |= read
            raise


def monday(day: date) -> date:
    """Return the first day of a day's ISO week."""
    return day - timedelta(days=day.weekday())


async def _flag(state: State) -> None:
    use: PortalUse = state.portal_use
    await use.flag(state.db)


FLAGGING = Worker("portal-use", FLAG_PERIOD_S, _flag)
"""The worker of a service whose start put its `PortalUse` into the state as ``portal_use``."""
