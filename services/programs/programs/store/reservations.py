"""A reservation in one statement, ``reserve_order`` in the migrations: what is asked for most often is not asked for in seven."""

from typing import Any, Literal, cast

import sqlalchemy as sa
from chassis.database import Transaction, statement
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from programs.store.orders import Stored
from programs.store.point_requests import Answered

Outcome = Literal["done", "points", "name", "units"]
"""Done, or what there was too little of, or that the order's id is another's."""
_ARGUMENTS: "dict[str, sa.types.TypeEngine[Any]]" = {
    "token": BYTEA(),
    "id": BYTEA(),
    "supplier": sa.Text(),
    "kind": sa.Text(),
    "points": sa.Integer(),
    "products": ARRAY(BYTEA),
    "units": ARRAY(sa.Integer),
    "prices": ARRAY(sa.Integer),
    "until": sa.Date(),
    "day": sa.Date(),
    "key": BYTEA(),
    "fingerprint": BYTEA(),
    "answer": sa.Text(),
}
_RESERVE = statement(
    sa.text(f"SELECT reserve_order({', '.join(f':{name}' for name in _ARGUMENTS)})").bindparams(
        *(sa.bindparam(name, type_=kind) for name, kind in _ARGUMENTS.items())
    )
)


async def reserve(tx: Transaction, made: Stored, key: bytes, answered: Answered) -> Outcome:
    """Write an order whose points and units are held, and what was answered to its key, in the scope ``reserve``.

    Unless it is done, the transaction must be given up.
    """
    # In one order for everybody, so that no two orders wait for each other's units.
    lines = sorted(made.lines, key=lambda line: line.product)
    outcome = await _RESERVE.scalar(
        tx,
        token=made.token,
        id=made.id,
        supplier=made.supplier,
        kind=made.kind,
        points=made.points,
        products=[line.product for line in lines],
        units=[line.units for line in lines],
        prices=[line.points for line in lines],
        until=made.until,
        day=made.day,
        key=key,
        fingerprint=answered.fingerprint,
        answer=answered.answer,
    )
    return cast("Outcome", outcome)
