"""The part of a session that tells anon-data how much the member took part in programs: rarely, coarsely, and mixed with chance."""

from datetime import UTC, date, datetime

from protocol.messages.participation import Participation, TellParticipation
from protocol.participation import last_half, level, told

from ._agreeing import Agrees
from ._recording import Records
from ._wire import parse

_TEXT = 2
"""From which version on the text of ``analysis`` speaks of this."""


class TellsParticipation(Agrees, Records):
    """A session that tells the level of the last half-year, by consent."""

    async def participation(self) -> tuple[TellParticipation, ...]:
        """Return what anon-data was told of half-years, the newest first."""
        return parse("anon-data", Participation, await self._ask("anon-data", "GET", "/me/participation")).levels

    async def tell_participation(self, today: date | None = None) -> bool:
        """Tell anon-data the level of the last half-year, once: whether there was something to tell.

        Only asked to, where the member agreed to ``analysis`` in a text that speaks of it, and never in a session that has written
        to programs: two hosts would see the same member at the same moment. An app calls it in a session that only reads.
        """
        first, last = last_half(today or datetime.fromtimestamp(self._wire.clock(), UTC).date())
        if self.wrote_to_programs or not await self._agreed() or first in {one.first for one in await self.participation()}:
            return False
        active = sum(day.steps > 0 for day in await self.steps(first, last))
        said = told(self._keys().settled.held.mailbox_seed, first, level(active))
        await self._ask("anon-data", "PUT", "/me/participation", message=TellParticipation(first=first, level=said))
        return True

    async def _agreed(self) -> bool:
        found = next(one for one in await self.consents() if one.purpose == "analysis")
        return found.standing and found.history[0].version >= _TEXT
