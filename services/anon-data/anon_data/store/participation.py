"""Rows of ``participation`` and ``participation_inbox``: levels of half-years as they were told."""

from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.readers import Token
from protocol.messages.participation import TellParticipation
from protocol.participation import LEVELS, Level
from sqlalchemy.dialects.postgresql import BYTEA, insert

metadata = sa.MetaData()


def _table(name: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column("token", BYTEA, primary_key=True),
        sa.Column("half", sa.Date, primary_key=True),
        sa.Column("level", sa.SmallInteger, nullable=False),
    )


participation = _table("participation")
inbox = _table("participation_inbox")
_all = sa.table("participations", *(sa.column(column.name, column.type) for column in inbox.columns))

_token, _half = sa.bindparam("token", type_=BYTEA), sa.bindparam("half", type_=sa.Date)
_TELL = statement(
    insert(inbox)
    .from_select(
        ["token", "half", "level"],
        sa.select(_token, _half, sa.bindparam("level", type_=sa.SmallInteger)).where(
            ~sa.exists().where(_all.c.token == _token, _all.c.half == _half)
        ),
    )
    .on_conflict_do_nothing()
)
_OF = statement(sa.select(_all.c.half, _all.c.level).where(_all.c.token == _token).order_by(_all.c.half.desc()))
_FORGET = tuple(statement(sa.delete(table).where(table.c.token == _token)) for table in (inbox, participation))

FOLD = (
    "LOCK TABLE participation IN EXCLUSIVE MODE",
    """
    INSERT INTO participation (token, half, level) SELECT token, half, level FROM participation_inbox ORDER BY token, half
    ON CONFLICT DO NOTHING
    """,
)


async def tell(tx: Transaction, token: Token, half: date, level: Level) -> None:
    """Keep the level of a half-year, unless one is there."""
    await _TELL.execute(tx, token=token, half=half, level=LEVELS.index(level))


async def of_member(tx: Transaction, token: Token) -> list[TellParticipation]:
    """Return what a member told, the newest first."""
    rows = await _OF.all(tx, token=token)
    return [TellParticipation(first=row["half"], level=LEVELS[row["level"]]) for row in rows]


async def forget(tx: Transaction, token: Token) -> None:
    """Delete what a member told."""
    for delete in _FORGET:
        await delete.execute(tx, token=token)
