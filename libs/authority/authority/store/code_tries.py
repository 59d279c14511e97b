"""How often a code was tried: counted before it is looked at, given back when it was right."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import insert

from authority.store.tables import code_try, p_bytes, verifier

_day = sa.bindparam("today", type_=sa.Date)
_one = sa.literal_column("1", sa.Integer)

_code = p_bytes("code")
_taken = (
    insert(code_try)
    .values(hash=_code, day=_day, n=_one)
    .on_conflict_do_update(
        index_elements=[code_try.c.hash, code_try.c.day],
        set_={"n": code_try.c.n + 1},
        where=code_try.c.n < sa.bindparam("most", type_=sa.Integer),
    )
    .returning(code_try.c.hash)
    .cte("taken")
)
TAKE = statement(
    sa.select(verifier.c.public_key).select_from(_taken.outerjoin(verifier, verifier.c.hash == _taken.c.hash)).limit(1)
)
GIVE_BACK = statement(
    sa.update(code_try).where(code_try.c.hash == _code, code_try.c.day == _day, code_try.c.n > 0).values(n=code_try.c.n - 1)
)
PURGE = statement(sa.delete(code_try).where(code_try.c.day < _day))


@dataclass(frozen=True)
class Try:
    """A try that was counted."""

    public_key: bytes | None
    """What the code's proofs are checked with; None for a code that is not known here."""


async def take(tx: Transaction, code: bytes, today: date, most: int) -> Try | None:
    """Count a try, and find the code's key; return None, counting nothing, when there were ``most`` already."""
    row = await TAKE.one_or_none(tx, code=code, today=today, most=most)
    return None if row is None else Try(row["public_key"])


async def give_back(tx: Transaction, code: bytes, today: date) -> None:
    """Uncount a try that was right."""
    await GIVE_BACK.execute(tx, code=code, today=today)


async def purge(tx: Transaction, today: date) -> None:
    """Delete the counters of days before today."""
    await PURGE.execute(tx, today=today)
