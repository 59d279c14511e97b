"""Rows of ``screening``."""

from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.given import given
from sqlalchemy.dialects.postgresql import BYTEA, insert

ScreeningKey = tuple[bytes, int, int]
"""Token, fiscal year, kind from 1: all that a row is."""

metadata = sa.MetaData()
screening = sa.Table(
    "screening",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("fiscal_year", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.SmallInteger, primary_key=True, autoincrement=False),
)

_KEY = [column.name for column in screening.columns]
_given = given(*screening.columns)
_rows = sa.select(*(_given.c[name] for name in _KEY))
_INSERT = statement(
    insert(screening).from_select(_KEY, _rows.order_by(*(_given.c[name] for name in _KEY))).on_conflict_do_nothing()
)
_DELETE = statement(sa.delete(screening).where(sa.tuple_(*screening.columns).in_(_rows)))
_OF_TOKEN = statement(
    sa.select(screening.c.fiscal_year, screening.c.kind)
    .where(screening.c.token == sa.bindparam("token", type_=BYTEA))
    .order_by(screening.c.fiscal_year.desc(), screening.c.kind)
)


async def insert_all(tx: Transaction, rows: Sequence[ScreeningKey]) -> int:
    """Insert what is not there, by token, and return how many were new."""
    return await _INSERT.execute(tx, **_arrays(rows))


async def delete(tx: Transaction, rows: Sequence[ScreeningKey]) -> int:
    """Delete these rows, and return how many there were."""
    return await _DELETE.execute(tx, **_arrays(rows))


async def of_token(tx: Transaction, token: Token) -> list[Record]:
    """Return what a member took part in, the newest year first."""
    return await _OF_TOKEN.all(tx, token=token)


def _arrays(rows: Sequence[ScreeningKey]) -> dict[str, list[object]]:
    return {name: [row[at] for row in rows] for at, name in enumerate(_KEY)}
