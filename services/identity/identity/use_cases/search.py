"""Search by tags: members are indexed by the registrar and found by evaluated words."""

from collections.abc import Sequence

from authority.use_cases.enrolment import require_enrolled, sorted_refs
from chassis.database import Database, Transaction
from protocol.messages.search import MOST_HITS, Hits, Indexed, PutIndex, Search, Taken
from protocol.search import FIELDS, Field
from windows import RegistrarCall, RowsRefused, spend

from identity.store import search as store


async def put_index(db: Database, caller: RegistrarCall, request: PutIndex) -> Taken:
    """Keep tags; who is not indexed yet is told of in every field, so that every row has all."""
    refs = sorted_refs(request.rows)
    async with db.transaction("put-index") as tx:
        # One after the other, or two batches could bring one tag at a time.
        await tx.lock("search-index")
        await require_enrolled(tx, refs)
        known = await store.indexed(tx, refs)
        if partial := [at for at, row in enumerate(request.rows) if row.ref not in known and row.tags.keys() != set(FIELDS)]:
            raise RowsRefused(rows=partial)
        taken = {field: places for field in FIELDS if (places := await _taken(tx, field, request.rows))}
        without = {place for places in taken.values() for place in places}
        kept = [row for at, row in enumerate(request.rows) if at not in without]
        await spend(tx, caller, "index", len(kept))
        await store.put_tags(tx, kept)
        await store.put_openings(tx, {row.ref: row.opening for row in kept if row.opening is not None})
    return Taken(taken=taken)


async def _taken(tx: Transaction, field: Field, rows: Sequence[Indexed]) -> tuple[int, ...]:
    """Return the places of rows with a tag that another member has, or a row before in this request."""
    others = await store.taken(tx, field, rows)
    first = {tag: at for at, row in reversed(list(enumerate(rows))) if (tag := row.tags.get(field)) is not None}
    return tuple(
        at for at, row in enumerate(rows) if (tag := row.tags.get(field)) is not None and (row.ref in others or first[tag] != at)
    )


async def search(db: Database, caller: RegistrarCall, request: Search) -> Hits:
    """Return the hits, after counting the search."""
    async with db.transaction("search") as tx:
        await spend(tx, caller, "search", 1)
        found = await store.find(tx, request.field, request.words, MOST_HITS + 1)
    return Hits(hits=tuple(found[:MOST_HITS]), more=len(found) > MOST_HITS)
