"""The registrar brings what drugs cost; members' devices read the whole table, so that nobody sees what they look for."""

from chassis.database import Database
from mailboxes.order import require_unique
from mailboxes.readers import Reader
from protocol.messages.prices import Prices, PutPrices

from anon_data.store import prices


async def put_prices(db: Database, request: PutPrices) -> None:
    """Insert and correct prices; the last call of an edition removes what it no longer has. The same again changes nothing."""
    require_unique([one.code for one in request.prices])
    async with db.transaction("put-prices") as tx:
        await prices.hold(tx)
        await prices.put(tx, request.edition, request.prices)
        if request.last:
            await prices.drop_others(tx, request.edition)


async def read_prices(db: Database, reader: Reader, after: str) -> Prices:
    """Return the prices after a code, by code."""
    async with db.statements("read-prices") as tx:
        await reader.for_reading(tx)
        return Prices.model_construct(prices=await prices.after(tx, after))
