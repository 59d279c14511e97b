"""A device writes what its member measured at home."""

from datetime import datetime
from decimal import Decimal

from chassis.database import Database
from mailboxes.days import DayWindow
from mailboxes.newest import Versioned, Write, newest
from mailboxes.readers import Reader
from protocol.messages.records import VITAL_UNITS, PutVitals, Results, Vital, VitalKind

from anon_data.store import vitals

DAYS_BACK = 400
_RANGES: dict[VitalKind, tuple[int, int]] = {"body-weight": (10, 300), "systolic": (60, 300), "diastolic": (30, 200)}
"""What a home device can have measured of a living person, both ends included; in the kind's unit."""


async def put_vitals(db: Database, reader: Reader, request: PutVitals, now: datetime) -> Results:
    """Store what is newer than what is there, and say what became of each item."""
    days = DayWindow.at(now, DAYS_BACK)
    writes = [Write((item.day, item.kind), Versioned(item.seq, item.value), _refusal(item, days)) for item in request.items]
    async with db.transaction("put-vitals") as tx:
        token = await reader.for_writing(tx)
        current = await vitals.on_days(tx, token, [item.day for item in request.items])
        outcome = newest(current, writes)
        if outcome.changes:
            await vitals.write(tx, token, outcome.changes)
    return Results(results=outcome.results)


def _refusal(item: Vital, days: DayWindow) -> str | None:
    low, high = _RANGES[item.kind]
    if item.unit != VITAL_UNITS[item.kind]:
        return "unit"
    if not Decimal(low) <= item.value <= Decimal(high):
        return "out-of-range"
    return days.refusal(item.day)
