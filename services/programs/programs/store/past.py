"""What is left of contests that are long over: results of teams, and no member's days."""

from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement

_FORGET = tuple(
    statement(
        sa.text(
            f"DELETE FROM {table} d USING contest c WHERE d.contest = c.id AND c.frozen AND c.last < :before"  # noqa: S608  # our own names
        ).bindparams(sa.bindparam("before", type_=sa.Date))
    )
    for table in ("contest_day_recent", "contest_day", "held_day")
)


async def forget_days(tx: Transaction, before: date) -> None:
    """Forget which member walked what on which day, in contests whose result stands and that ended before this day."""
    for forget in _FORGET:
        await forget.execute(tx, before=before)
