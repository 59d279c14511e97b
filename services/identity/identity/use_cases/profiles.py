"""Records after the first login: wishes of members, updates of the insurer, and records that have them put in."""

from authority import Session
from authority.errors import VersionRefused
from authority.use_cases.enrolment import require_enrolled, sorted_refs
from authority.use_cases.sessions import locked, released
from chassis.database import Database
from protocol.messages.profiles import CollectWishes, PutRecord, PutUpdates, PutWish, Wishes
from protocol.record import SEALED_BYTES
from windows import RegistrarCall, spend

from identity.errors import RecordSize, UpdateUnknown
from identity.store import profiles as store
from identity.store import records


async def put_wish(db: Database, session: Session, request: PutWish, now: int) -> None:
    """Keep what the member wants changed."""
    async with db.transaction("put-wish") as tx:
        await released(tx, session, now)
        await locked(tx, session)
        await store.put_wish(tx, session.ref, request.sealed)


async def collect_wishes(db: Database, caller: RegistrarCall, request: CollectWishes) -> Wishes:
    """Return a page of wishes, and count them; they stay until they are settled."""
    async with db.transaction("collect-wishes") as tx:
        found = await store.wishes(tx, request.after or b"", request.most)
        await spend(tx, caller, "profile", len(found))
    return Wishes(wishes=found)


async def put_updates(db: Database, caller: RegistrarCall, request: PutUpdates) -> None:
    """Keep what the insurer says about records, for their members to put in."""
    refs = sorted_refs(request.rows)
    async with db.transaction("put-updates") as tx:
        await spend(tx, caller, "update" if caller.purpose == "enrol" else "profile", len(refs))
        await require_enrolled(tx, refs)
        await store.put_updates(tx, request.rows)


async def put_record(db: Database, session: Session, request: PutRecord, now: int) -> None:
    """Store the record that a member's device has put updates into; the same one again is fine."""
    if len(request.record) != SEALED_BYTES:
        raise RecordSize(size=SEALED_BYTES)
    async with db.transaction("put-record") as tx:
        await released(tx, session, now)
        await locked(tx, session)
        version, record = await records.find(tx, session.ref) or (0, b"")
        if (version, record) == (request.version, request.record):
            return
        if request.version != version + 1:
            raise VersionRefused(current=version)
        if not await store.taken(tx, session.ref, request.settles):
            raise UpdateUnknown
        await records.replace(tx, session.ref, request.version, request.record)
