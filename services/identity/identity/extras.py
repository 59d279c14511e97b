"""What identity adds to an authority: the personal record in the part."""

from authority import Extras, PartExtras
from chassis.database import Transaction
from protocol.release import SealedRecord

from identity.store import records


class Records(Extras):
    """Gives the member's record, if one is stored."""

    async def parts(self, tx: Transaction, ref: bytes, _current: int, _pending: int | None, /) -> PartExtras:
        """Return the record."""
        found = await records.find(tx, ref)
        return {} if found is None else {"record": SealedRecord(version=found[0], record=found[1])}
