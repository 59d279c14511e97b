"""A device writes what its member measured at home, or takes it back."""

from collections.abc import Mapping
from datetime import datetime

from chassis.database import Database
from mailboxes.days import DayWindow
from mailboxes.newest import Versioned, Write, newest
from mailboxes.readers import Reader
from protocol.messages.records import PutVitals, Results, VitalWrite
from protocol.vitals import VITALS

from anon_data.days import DAYS_BACK, refusal
from anon_data.store import vitals
from anon_data.store.vitals import Said


async def put_vitals(db: Database, reader: Reader, request: PutVitals, now: datetime) -> Results:
    """Store what is newer than what is there, and say what became of each item."""
    days = DayWindow.at(now, DAYS_BACK)
    writes = [
        Write((item.day, item.kind), Versioned(item.seq, Said(item.value, item.source)), vital_refusal(item, days))
        for item in request.items
    ]
    best = newest({}, writes).changes
    async with db.statements("put-vitals") as tx:
        written = await vitals.put_of_reader(tx, reader.signed, best)
    if written is None:
        async with db.transaction("put-vitals-otherwise") as tx:
            written = await vitals.put_of_token(tx, await reader.for_writing(tx), best)
    stored: Mapping[vitals.Key, Versioned[Said]] = {}
    if late := best.keys() - written:
        async with db.statements("put-vitals-late") as tx:
            stored = await vitals.on_days(tx, reader.admitted, {day for day, _ in late})
    return Results(results=newest({key: stored[key] for key in late & stored.keys()}, writes).results)


def vital_refusal(item: VitalWrite, days: DayWindow) -> str | None:
    """Return why a value cannot be kept, as a slug, or None when it can."""
    kind = VITALS[item.kind]
    if item.unit != kind.unit:
        return "unit"
    if item.value is not None and not kind.plausible(item.value):
        return "out-of-range"
    return refusal(days, item.day, deletes=item.value is None)
