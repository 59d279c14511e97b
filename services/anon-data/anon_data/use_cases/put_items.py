"""The registrar makes entries of the code table known."""

from collections.abc import Sequence

from chassis.database import Database
from mailboxes.order import require_unique
from protocol.messages.records import Item

from anon_data.store import items


async def put_items(db: Database, entries: Sequence[Item]) -> None:
    """Insert what is new, with ids in the order of codes; replace what differs; the same again changes nothing."""
    require_unique([entry.code for entry in entries])
    async with db.transaction("put-items") as tx:
        await items.hold(tx)
        known = {entry.code: (number, entry) for number, entry in (await items.all_items(tx)).items()}
        following = max((number for number, _ in known.values()), default=0) + 1
        changed: dict[int, Item] = {}
        for entry in sorted(entries, key=lambda entry: entry.code):
            if entry.code not in known:
                changed[following] = entry
                following += 1
            elif known[entry.code][1] != entry:
                changed[known[entry.code][0]] = entry
        if changed:
            await items.put(tx, changed)
