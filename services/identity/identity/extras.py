"""What identity adds to an authority: the personal record in the part."""

from collections.abc import Sequence

from authority import Extras, PartExtras
from chassis.database import Transaction
from protocol.release import SealedRecord

from identity.store import profiles, records, search


class Records(Extras):
    """Gives the member's record, if one is stored."""

    async def parts(self, tx: Transaction, ref: bytes, _current: int, _pending: int | None, /) -> PartExtras:
        """Return the record, and what the insurer says about it since."""
        found = await profiles.released(tx, ref)
        if found is None:
            return {}
        version, record, updates = found
        return {"record": SealedRecord(version=version, record=record), "updates": tuple(updates)}

    async def erased(self, tx: Transaction, refs: Sequence[bytes], /) -> None:
        """Delete the members' records, what waits of and for them, and what they are found under."""
        await search.erase(tx, refs)
        await profiles.erase(tx, refs)
        await records.erase(tx, refs)
