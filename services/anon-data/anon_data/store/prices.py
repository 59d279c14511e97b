"""Rows of ``drug_price``: the same for everybody."""

from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Transaction, statement
from mailboxes.store.given import given
from protocol.messages.prices import PRICES_A_CALL, DrugPrice
from sqlalchemy.dialects.postgresql import BYTEA, insert

metadata = sa.MetaData()
price = sa.Table(
    "drug_price",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("price", sa.Numeric, nullable=False),
    sa.Column("family", sa.Text),
    sa.Column("generic", sa.Boolean, nullable=False),
    sa.Column("switchable", sa.Boolean, nullable=False),
    sa.Column("edition", BYTEA, nullable=False),
)

_SAID = ("code", "name", "unit", "price", "family", "generic", "switchable")
_COLUMNS = (*_SAID, "edition")
_given = given(*(price.c[name] for name in _COLUMNS))
_insert = insert(price).from_select(list(_COLUMNS), sa.select(*(_given.c[name] for name in _COLUMNS)).order_by(_given.c.code))
_CHANGING = _COLUMNS[1:]
_PUT = statement(
    _insert.on_conflict_do_update(
        index_elements=[price.c.code],
        set_={name: _insert.excluded[name] for name in _CHANGING},
        where=sa.tuple_(*(price.c[name] for name in _CHANGING)).is_distinct_from(
            sa.tuple_(*(_insert.excluded[name] for name in _CHANGING))
        ),
    )
)
_DROP_OTHERS = statement(sa.delete(price).where(price.c.edition != sa.bindparam("edition", type_=BYTEA)))
_AFTER = statement(
    sa.select(*(price.c[name] for name in _SAID))
    .where(price.c.code > sa.bindparam("after", type_=sa.Text))
    .order_by(price.c.code)
    .limit(PRICES_A_CALL)
)


async def hold(tx: Transaction) -> None:
    """Keep other changes of the table waiting until the transaction ends."""
    await tx.lock("prices")


async def put(tx: Transaction, edition: bytes, prices: Sequence[DrugPrice]) -> None:
    """Insert or update these prices."""
    columns: dict[str, list[object]] = {name: [getattr(one, name) for one in prices] for name in _SAID}
    await _PUT.execute(tx, **columns, edition=[edition] * len(prices))


async def drop_others(tx: Transaction, edition: bytes) -> None:
    """Delete the prices that another edition had last."""
    await _DROP_OTHERS.execute(tx, edition=edition)


async def after(tx: Transaction, code: str) -> tuple[DrugPrice, ...]:
    """Return the prices that follow a code."""
    return tuple(DrugPrice.model_construct(**dict(row)) for row in await _AFTER.all(tx, after=code))
