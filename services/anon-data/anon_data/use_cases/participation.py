"""A device tells how much its member took part in programs in the last half-year, by consent and once."""

from datetime import date, timedelta

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.participation import Participation, TellParticipation
from protocol.participation import last_half

from anon_data.errors import ConsentMissing, HalfYearRefused
from anon_data.store import consents
from anon_data.store import participation as store

TEXT = 2
"""From which version on the text of ``analysis`` speaks of this."""


async def tell_participation(db: Database, reader: Reader, request: TellParticipation, today: date) -> Participation:
    """Keep the level, unless one of this half-year is there: told again it changes nothing, whatever it says."""
    async with db.transaction("tell-participation") as tx:
        token = await reader.for_writing(tx)
        agreed = (await consents.histories(tx, token)).get("analysis", ())
        if not (agreed and agreed[0].given and agreed[0].version >= TEXT):
            raise ConsentMissing(purpose="analysis")
        # A half-year ends at another moment in Japan than in UTC.
        if request.first not in {last_half(today + timedelta(days))[0] for days in (0, 1)}:
            raise HalfYearRefused
        await store.tell(tx, token, request.first, request.level)
        return Participation(levels=tuple(await store.of_member(tx, token)))


async def read_participation(db: Database, reader: Reader) -> Participation:
    """Return what was told."""
    async with db.statements("read-participation") as tx:
        return Participation(levels=tuple(await store.of_member(tx, await reader.for_reading(tx))))
