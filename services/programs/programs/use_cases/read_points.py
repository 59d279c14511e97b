"""A device reads what its member has."""

from chassis.database import Database
from mailboxes import GATE
from mailboxes.readers import Reader
from protocol.messages.points import PointEntry, PointLot, Points

from programs.store import point_sums

ENTRIES = 200


async def read_points(db: Database, reader: Reader, most: int = ENTRIES) -> Points:
    """Return balance, lots and the newest transfers, all of one moment."""
    async with db.moment("read-points", GATE) as tx:
        token = await reader.for_reading(tx)
        balance = await point_sums.balance(tx, token)
        lots = await point_sums.lots(tx, token)
        entries = await point_sums.entries(tx, token, most)
    return Points(
        posted=balance.posted,
        held=balance.held,
        lots=tuple(PointLot(expires=expires, points=points) for expires, points in lots),
        entries=tuple(PointEntry.model_validate(dict(row)) for row in entries),
    )
