"""Which logs after the first one this authority has begun."""

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

from authority.store.log_tables import log_beginning
from authority.store.tables import p_bytes

NEWEST = statement(sa.select(sa.func.max(log_beginning.c.number)))
ADD = statement(
    insert(log_beginning)
    .values(number=sa.bindparam("which", type_=sa.Integer), about=p_bytes("said"))
    .on_conflict_do_nothing(index_elements=[log_beginning.c.number])
)


async def newest(tx: Transaction) -> int:
    """Return the number of the present log; the first one is 1."""
    return await NEWEST.scalar(tx) or 1


async def add(tx: Transaction, number: int, about: bytes) -> bool:
    """Note that a log begins; False where it was before."""
    return bool(await ADD.execute(tx, which=number, said=about))
