"""Rows of ``person``: the little that is known of a member here."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.readers import Token
from mailboxes.store.given import given
from protocol.messages.mailbox import Attributes
from sqlalchemy.dialects.postgresql import BYTEA, insert

metadata = sa.MetaData()
person = sa.Table(
    "person",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    sa.Column("sex", sa.Text, nullable=False),
    sa.Column("birth_year", sa.SmallInteger, nullable=False),
    sa.Column("relation", sa.Text, nullable=False),
    sa.Column("workplace", sa.Text, nullable=False),
)

_COLUMNS = [column.name for column in person.columns]
_given = given(*person.columns)
_insert = insert(person).from_select(_COLUMNS, sa.select(*(_given.c[name] for name in _COLUMNS)).order_by(_given.c.token))
_CHANGING = ("sex", "birth_year", "relation", "workplace")
_PUT = statement(
    _insert.on_conflict_do_update(
        index_elements=[person.c.token],
        set_={name: _insert.excluded[name] for name in _CHANGING},
        # An untouched row leaves no trace of having been sent again.
        where=sa.tuple_(*(person.c[name] for name in _CHANGING)).is_distinct_from(
            sa.tuple_(*(_insert.excluded[name] for name in _CHANGING))
        ),
    )
)

_OF_TOKEN = statement(sa.select(person.c.sex, person.c.birth_year).where(person.c.token == sa.bindparam("token", type_=BYTEA)))


class Known(NamedTuple):
    """What a member may read of it."""

    sex: Literal["male", "female"]
    birth_year: int


async def of_token(tx: Transaction, token: Token) -> Known | None:
    """Return what is known of a member, or None where nothing is."""
    row = await _OF_TOKEN.one_or_none(tx, token=token)
    return None if row is None else Known(row["sex"], row["birth_year"])


async def put(tx: Transaction, rows: Sequence[tuple[bytes, Attributes]]) -> None:
    """Insert or update what is known of these tokens, in the order of tokens."""
    await _PUT.execute(
        tx,
        token=[token for token, _ in rows],
        sex=[about.sex for _, about in rows],
        birth_year=[about.birth_year for _, about in rows],
        relation=[about.relation for _, about in rows],
        workplace=[about.group for _, about in rows],
    )
