"""How often a code was tried: counted before it is looked at, given back when it was right."""

from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

from authority.store.tables import code_try, p_bytes

_day = sa.bindparam("today", type_=sa.Date)
_one = sa.literal_column("1", sa.Integer)

TAKE = statement(
    insert(code_try)
    .values(hash=p_bytes("code"), day=_day, n=_one)
    .on_conflict_do_update(
        index_elements=[code_try.c.hash, code_try.c.day],
        set_={"n": code_try.c.n + 1},
        where=code_try.c.n < sa.bindparam("most", type_=sa.Integer),
    )
)
GIVE_BACK = statement(
    sa.update(code_try)
    .where(code_try.c.hash == p_bytes("code"), code_try.c.day == _day, code_try.c.n > 0)
    .values(n=code_try.c.n - 1)
)
PURGE = statement(sa.delete(code_try).where(code_try.c.day < _day))


async def take(tx: Transaction, code: bytes, today: date, most: int) -> bool:
    """Count a try; return False, counting nothing, when there were ``most`` already."""
    return bool(await TAKE.execute(tx, code=code, today=today, most=most))


async def give_back(tx: Transaction, code: bytes, today: date) -> None:
    """Uncount a try that was right."""
    await GIVE_BACK.execute(tx, code=code, today=today)


async def purge(tx: Transaction, today: date) -> None:
    """Delete the counters of days before today."""
    await PURGE.execute(tx, today=today)
