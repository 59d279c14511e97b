"""Rows of ``guidance``."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.given import given
from sqlalchemy.dialects.postgresql import BYTEA

from anon_data.fates import Stored

GuidanceKey = tuple[bytes, date, int]
"""Token, day, stage."""
GuidanceRecord = tuple[date, int, int | None, bytes, bytes, bytes | None]

metadata = sa.MetaData()
guidance = sa.Table(
    "guidance",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("stage", sa.SmallInteger, primary_key=True),
    sa.Column("level", sa.SmallInteger),
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("content", BYTEA, nullable=False),
    sa.Column("details", BYTEA),
)

_KEY = ("token", "day", "stage")
_given = given(*(guidance.c[name] for name in _KEY))
_is_given = sa.and_(*(guidance.c[name] == _given.c[name] for name in _KEY))
_STORED = statement(
    sa.select(
        *(guidance.c[name] for name in _KEY), guidance.c.content, sa.func.sha256(guidance.c.details).label("details_hash")
    ).select_from(_given.join(guidance, _is_given))
)
_DELETE = statement(sa.delete(guidance).where(_is_given))
_OF_TOKEN = statement(
    sa.select(guidance.c.day, guidance.c.stage, guidance.c.level, guidance.c.details)
    .where(guidance.c.token == sa.bindparam("token", type_=BYTEA))
    .order_by(guidance.c.day.desc(), guidance.c.stage.desc())
)


async def stored(tx: Transaction, keys: Sequence[GuidanceKey]) -> dict[GuidanceKey, Stored]:
    """Return the hashes of those reports that are there."""
    rows = await _STORED.all(tx, **_arrays(keys))
    return {(row["token"], row["day"], row["stage"]): Stored(row["content"], row["details_hash"]) for row in rows}


async def delete(tx: Transaction, keys: Sequence[GuidanceKey]) -> int:
    """Delete these reports, and return how many there were."""
    return await _DELETE.execute(tx, **_arrays(keys))


async def insert(tx: Transaction, rows: Sequence[GuidanceRecord]) -> None:
    """Append reports, in the order given."""
    await tx.copy(guidance, [column.name for column in guidance.columns], rows)


async def of_token(tx: Transaction, token: Token) -> list[Record]:
    """Return a member's reports, the newest first."""
    return await _OF_TOKEN.all(tx, token=token)


def _arrays(keys: Sequence[GuidanceKey]) -> dict[str, list[object]]:
    return {name: [key[at] for key in keys] for at, name in enumerate(_KEY)}
