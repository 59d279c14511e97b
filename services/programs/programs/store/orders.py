"""Rows of ``exchange_order``, ``exchange_order_past`` and ``order_sealed``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from protocol.messages.exchange import Kind, PricedLine, State
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

from programs.store.order_tables import order, sealed

What = Literal["address", "reply-key", "voucher"]
_COLUMNS = tuple(column.name for column in order.columns)
_orders = sa.table("exchange_orders", *(sa.column(column.name, column.type) for column in order.columns))
_token, _id = sa.bindparam("token", type_=BYTEA), sa.bindparam("id", type_=BYTEA)
_day, _until = sa.bindparam("day", type_=sa.Date), sa.bindparam("until", type_=sa.Date)
_most = sa.bindparam("most", type_=sa.Integer)

_FIND = statement(sa.select(*_orders.c).where(_orders.c.token == _token, _orders.c.id == _id))
_OF_MEMBER = statement(
    sa.select(*_orders.c).where(_orders.c.token == _token).order_by(_orders.c.day.desc(), _orders.c.id).limit(_most)
)
_WITH_NAME = statement(sa.select(*order.c).where(order.c.id == _id))
_OF_SUPPLIER = statement(
    sa.select(*order.c)
    .where(
        order.c.supplier == sa.bindparam("supplier", type_=sa.Text),
        order.c.state == sa.bindparam("state", type_=sa.Text),
        order.c.id > sa.bindparam("after", type_=BYTEA),
    )
    .order_by(order.c.id)
    .limit(_most)
)
_LAPSED = statement(
    sa.select(*order.c)
    .where(order.c.state == sa.any_(sa.bindparam("states", type_=ARRAY(sa.Text))), order.c.until < _day)
    .order_by(order.c.token, order.c.id)
    .limit(_most)
)
_MOVE = statement(
    sa.update(order)
    .where(order.c.token == _token, order.c.id == _id)
    .values(state=sa.bindparam("state", type_=sa.Text), revision=order.c.revision + 1, until=_until, day=_day)
)
_seal = insert(sealed).values(
    token=_token,
    order_id=_id,
    **{name: sa.bindparam(name, type_=sealed.c[name].type) for name in ("what", "key_id", "revision", "content")},
)
_SEAL = statement(
    _seal.on_conflict_do_update(
        index_elements=[sealed.c.token, sealed.c.order_id, sealed.c.what],
        set_={name: _seal.excluded[name] for name in ("key_id", "revision", "content")},
        where=_seal.excluded.revision > sealed.c.revision,
    )
)
_SEALED = statement(
    sa.select(sealed.c.order_id, sealed.c.what, sealed.c.key_id, sealed.c.revision, sealed.c.content).where(
        sealed.c.token == sa.any_(sa.bindparam("tokens", type_=ARRAY(BYTEA))),
        sealed.c.order_id == sa.any_(sa.bindparam("ids", type_=ARRAY(BYTEA))),
    )
)


@dataclass(frozen=True)
class Stored:
    """An order."""

    token: bytes
    id: bytes
    supplier: str
    kind: Kind
    state: State
    revision: int
    points: int
    lines: tuple[PricedLine, ...]
    until: date | None
    day: date


@dataclass(frozen=True)
class SealedPart:
    """Something sealed that belongs to an order."""

    what: What
    key_id: bytes | None
    revision: int
    content: bytes


async def find(tx: Transaction, token: bytes, name: bytes) -> Stored | None:
    """Return an order of a member."""
    row = await _FIND.one_or_none(tx, token=token, id=name)
    return None if row is None else _read(row)


async def of_member(tx: Transaction, token: bytes, most: int) -> list[Stored]:
    """Return a member's orders, the newest first."""
    return [_read(row) for row in await _OF_MEMBER.all(tx, token=token, most=most)]


async def with_name(tx: Transaction, name: bytes) -> Stored | None:
    """Return the order that a supplier calls so, whoever's it is; none that is history."""
    row = await _WITH_NAME.one_or_none(tx, id=name)
    return None if row is None else _read(row)


async def of_supplier(tx: Transaction, supplier: str, state: State, after: bytes, most: int) -> list[Stored]:
    """Return orders of a supplier that stand there, by their random ids, those after one."""
    return [_read(row) for row in await _OF_SUPPLIER.all(tx, supplier=supplier, state=state, after=after, most=most)]


async def lapsed(tx: Transaction, today: date, most: int) -> list[Stored]:
    """Return orders that are reserved or placed and whose last day is over, by token."""
    return [_read(row) for row in await _LAPSED.all(tx, states=["reserved", "placed"], day=today, most=most)]


async def move(tx: Transaction, stored: Stored, to: State, until: date | None, day: date) -> None:
    """Write where an order stands from now on; its member's balance is locked."""
    await _MOVE.execute(tx, token=stored.token, id=stored.id, state=to, until=until, day=day)


async def seal(tx: Transaction, stored: Stored, part: SealedPart) -> bool:
    """Keep something sealed, in the place of an earlier revision; False where that is not earlier."""
    done = await _SEAL.execute(
        tx,
        token=stored.token,
        id=stored.id,
        what=part.what,
        key_id=part.key_id,
        revision=part.revision,
        content=part.content,
    )
    return done == 1


async def parts(tx: Transaction, found: Sequence[Stored]) -> dict[tuple[bytes, What], SealedPart]:
    """Return what is sealed for these orders, by order and what it is."""
    rows = await _SEALED.all(tx, tokens=[one.token for one in found], ids=[one.id for one in found])
    return {(row["order_id"], row["what"]): SealedPart(row["what"], row["key_id"], row["revision"], row["content"]) for row in rows}


def _read(row: Record) -> Stored:
    lines = zip(row["products"], row["units"], row["prices"], strict=True)
    return Stored(
        token=row["token"],
        id=row["id"],
        supplier=row["supplier"],
        kind=row["kind"],
        state=row["state"],
        revision=row["revision"],
        points=row["points"],
        lines=tuple(PricedLine.model_construct(product=product, units=units, points=points) for product, units, points in lines),
        until=row["until"],
        day=row["day"],
    )
