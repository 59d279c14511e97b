"""A device writes, as FHIR observations, what its member measured at home: into the same rows, by the same rules, as `put_vitals`.

FHIR has no counter of the device, so a write takes the one after the stored counter: it is newer than what was there. The same
value again changes nothing, and repeating a request is therefore safe.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chassis.database import Database
from chassis.problems import Problem
from mailboxes.days import DayWindow
from mailboxes.newest import Versioned
from mailboxes.readers import Reader

from anon_data.days import DAYS_BACK
from anon_data.fhir.errors import ResourceRefused, ResourceUnknown, VersionDiffers
from anon_data.fhir.measured import Measure
from anon_data.fhir.record import version_of
from anon_data.fhir.writes import Fate, Wish
from anon_data.store import vitals
from anon_data.store.vitals import Key, Said
from anon_data.use_cases.put_vitals import vital_refusal

SEQ_MAX = 2**62 - 1
"""The highest counter that a device may have written: nothing can be newer."""
Stored = dict[Key, Versioned[Said]]


async def write_observations(
    db: Database, reader: Reader, wishes: Sequence[Wish | Problem], now: datetime
) -> tuple[Fate | Problem, ...]:
    """Write one after the other, and say what became of each; a refused one keeps no other from being stored.

    What could not even be read comes as its Problem and is handed back in its place.
    """
    days = DayWindow.at(now, DAYS_BACK)
    good = [wish for wish in wishes if isinstance(wish, Wish)]
    async with db.transaction("fhir-write") as tx:
        token = await reader.for_writing(tx)
        stored: Stored = await vitals.on_days(tx, token, sorted({wish.written.day for wish in good}))
        before = dict(stored)
        fates = tuple(wish if isinstance(wish, Problem) else _written(wish, stored, days) for wish in wishes)
        changes = {key: value for key, value in stored.items() if before.get(key) != value}
        if changes:
            await vitals.write(tx, token, changes)
    return fates


def _written(wish: Wish, stored: Stored, days: DayWindow) -> Fate | Problem:
    written, measure = wish.written, wish.written.measure
    known = _version(wish, stored)
    if wish.if_match is not None and known is None:
        return ResourceUnknown()
    if (wish.if_match is not None and wish.if_match != known) or (wish.if_none and known is not None):
        return VersionDiffers()
    for vital in written.values:
        if reason := vital_refusal(vital, days):
            return ResourceRefused(element="Observation", reason=reason)
    if any(stored[written.day, kind].seq == SEQ_MAX for kind in measure.kinds if (written.day, kind) in stored):
        return ResourceRefused(element="Observation", reason="a device has used the last counter")
    said = {vital.kind: vital.value for vital in written.values}
    changed = False
    for kind in measure.kinds:
        changed |= _put(stored, (written.day, kind), Said(said.get(kind), "typed"))
    after = _version(wish, stored)
    assert after is not None
    return Fate(written.id, after, "created" if known is None else "replaced" if changed else "unchanged")


def _put(stored: Stored, key: Key, said: Said) -> bool:
    """Put a value after what is there; False where nothing changes."""
    known = stored.get(key)
    if said.value == (known.value.value if known else None):
        return False
    stored[key] = Versioned(known.seq + 1 if known else 0, said)
    return True


def _version(wish: Wish, stored: Mapping[Key, Versioned[Said]]) -> str | None:
    """Return the version of the observation as it is stored, or None where none of its values is."""
    measure: Measure = wish.written.measure
    there = {kind: stored[wish.written.day, kind] for kind in measure.kinds if (wish.written.day, kind) in stored}
    seqs = {kind: one.seq for kind, one in there.items() if one.value.value is not None}
    return version_of(measure, seqs) if seqs else None
