"""A reservation in two statements: what is asked for most often is not asked for in seven.

The first takes the member's balance and writes the order; the second, which sees lots as they are once the balance is taken, holds
them, takes units and remembers the answer. Where either gives less than was asked for, the transaction must be given up.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Statement, Transaction, statement
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from programs.store.order_tables import order
from programs.store.orders import Stored
from programs.store.point_ledger import HOLDING_PARTS
from programs.store.point_requests import Answered
from programs.store.point_tables import request

_COLUMNS = tuple(column.name for column in order.columns)
_NAMES = ", ".join(_COLUMNS)
_VALUES = ", ".join(f":{name}" for name in _COLUMNS)


def _order_sql(text: str) -> Statement:
    return statement(sa.text(text).bindparams(*(sa.bindparam(name, type_=order.c[name].type) for name in _COLUMNS)))


_TAKE = _order_sql(
    f"""
    WITH taken AS (
        UPDATE point_balance SET held = held + :points WHERE token = :token AND posted - held >= :points RETURNING token
    ), made AS (
        INSERT INTO exchange_order ({_NAMES}) SELECT {_VALUES} FROM taken
        WHERE NOT EXISTS (SELECT FROM exchange_order_past p WHERE p.id = :id)
        ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT (SELECT count(*) FROM taken)::integer AS taken, (SELECT count(*) FROM made)::integer AS made
    """  # noqa: S608  # our own words
)
_HOLD = statement(
    sa.text(
        f"""
        WITH {HOLDING_PARTS}, stocked AS (
            UPDATE product_stock s SET available = s.available - line.units, taken = s.taken + line.units
            FROM unnest(:products, :units) AS line (product, units)
            WHERE s.product = line.product AND s.available >= line.units RETURNING s.product
        ), answered AS (
            INSERT INTO point_request (token, scope, key, fingerprint, answer, day)
            VALUES (:token, :scope, :key, :fingerprint, :answer, :today)
        )
        SELECT (SELECT coalesce(sum(amount), 0) FROM parts)::integer AS points,
               (SELECT count(*) FROM stocked)::integer AS products
        """  # noqa: S608  # our own words
    ).bindparams(
        *(sa.bindparam(name, type_=BYTEA) for name in ("token", "hold")),
        *(sa.bindparam(name, type_=request.c[name].type) for name in ("scope", "key", "fingerprint", "answer")),
        sa.bindparam("amount", type_=sa.Integer),
        sa.bindparam("products", type_=ARRAY(BYTEA)),
        sa.bindparam("units", type_=ARRAY(sa.Integer)),
        *(sa.bindparam(name, type_=sa.Date) for name in ("today", "until")),
    )
)


@dataclass(frozen=True)
class Reserved:
    """What there was enough of."""

    points: bool
    name: bool
    """Whether the order's id was nobody's."""
    units: bool = False

    @property
    def done(self) -> bool:
        """Whether all of it was there."""
        return self.points and self.name and self.units


async def reserve(tx: Transaction, made: Stored, today: date, key: bytes, answered: Answered) -> Reserved:
    """Write an order whose points and units are held, and what was answered to its key, in the scope ``reserve``."""
    values = {name: getattr(made, name) for name in _COLUMNS if name not in ("products", "units", "prices")}
    lines = sorted(made.lines, key=lambda line: line.product)
    products, units = [line.product for line in lines], [line.units for line in lines]
    taken = await _TAKE.one(tx, **values, products=products, units=units, prices=[line.points for line in lines])
    if not (taken["taken"] and taken["made"]):
        return Reserved(bool(taken["taken"]), not taken["taken"] or bool(taken["made"]))
    held = await _HOLD.one(
        tx,
        token=made.token,
        hold=made.id,
        amount=made.points,
        today=today,
        until=made.until,
        products=products,
        units=units,
        scope="reserve",
        key=key,
        fingerprint=answered.fingerprint,
        answer=answered.answer,
    )
    return Reserved(held["points"] == made.points, name=True, units=held["products"] == len(lines))
