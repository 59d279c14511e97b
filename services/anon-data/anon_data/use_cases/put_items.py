"""The registrar makes entries of the code table known."""

from collections.abc import Sequence

from chassis.database import Database
from mailboxes.order import require_unique
from protocol.messages.records import Item
from windows import RowsRefused

from anon_data.store import items


async def put_items(db: Database, entries: Sequence[Item]) -> None:
    """Insert what is new, with ids in the order of codes; correct names and words; the same again changes nothing.

    Raises RowsRefused (``item-differs``) for codes that are known with another kind, unit or choice list: values that are
    stored already would say something else. Nothing of the request is kept then.
    """
    require_unique([entry.code for entry in entries])
    async with db.transaction("put-items") as tx:
        await items.hold(tx)
        known = {entry.code: (number, entry) for number, entry in (await items.all_items(tx)).items()}
        if wrong := [at for at, entry in enumerate(entries) if entry.code in known and _differs(entry, known[entry.code][1])]:
            raise RowsRefused(reason="item-differs", rows=wrong)
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


def _differs(entry: Item, known: Item) -> bool:
    """Say whether a value would mean something else under this entry."""
    return (entry.kind, entry.unit, entry.choices) != (known.kind, known.unit, known.choices)
