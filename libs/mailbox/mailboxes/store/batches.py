"""Which batches of the registrar may run beside each other.

What a batch finds there must stay there until it ends: an erasure beside an import would leave the erased member's new rows.
"""

import sqlalchemy as sa
from chassis.database import Transaction, statement

_NAME = sa.func.hashtextextended("batches", 0)
_SHARE = statement(sa.select(sa.func.pg_advisory_xact_lock_shared(_NAME)))
_HOLD = statement(sa.select(sa.func.pg_advisory_xact_lock(_NAME)))


async def share(tx: Transaction) -> None:
    """Run beside other batches that share, and beside none that holds, until the transaction ends."""
    await _SHARE.all(tx)


async def hold(tx: Transaction) -> None:
    """Keep every other batch waiting until the transaction ends."""
    await _HOLD.all(tx)
