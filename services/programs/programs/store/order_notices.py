"""Rows of ``order_notice``: what suppliers are still to be told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from chassis.database import Transaction, statement
from protocol.messages.exchange import State
from sqlalchemy.dialects.postgresql import ARRAY, insert

from programs.store.order_tables import notice, order
from programs.store.order_tables import notice_turn as turn

OPEN = ("placed", "accepted", "shipped")
"""Where orders stand with which a supplier has still something to do."""

_COLUMNS = [column.name for column in notice.columns]
_supplier, _day = sa.bindparam("supplier", type_=sa.Text), sa.bindparam("day", type_=sa.Date)
_suppliers = sa.bindparam("suppliers", type_=ARRAY(sa.Text))
_PUT = statement(insert(notice).values({name: sa.bindparam(name, type_=notice.c[name].type) for name in _COLUMNS}))
_WAITING = statement(
    sa.select(notice.c.order_id, notice.c.revision, notice.c.state)
    .where(~notice.c.dead, notice.c.supplier == _supplier)
    .order_by(notice.c.order_id, notice.c.revision)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_DELETE = statement(
    sa.delete(notice).where(
        notice.c.order_id == sa.bindparam("order", type_=notice.c.order_id.type),
        notice.c.revision == sa.bindparam("number", type_=sa.Integer),
    )
)
_KEEP = statement(sa.delete(notice).where(notice.c.supplier != sa.all_(_suppliers)))
_GIVE_UP = statement(sa.update(notice).where(~notice.c.dead, notice.c.day < _day).values(dead=True))
_AGAIN = statement(sa.update(notice).where(notice.c.dead, notice.c.supplier == _supplier).values(dead=False, day=_day))
_open = sa.select(order.c.id, order.c.revision, order.c.supplier, order.c.state, _day, sa.false()).where(
    order.c.supplier == _supplier, order.c.state == sa.any_(sa.bindparam("open", type_=ARRAY(sa.Text)))
)
_ANEW = statement(insert(notice).from_select(_COLUMNS, _open.order_by(order.c.id)).on_conflict_do_nothing())
_COUNTS = statement(
    sa.select(
        notice.c.supplier,
        sa.func.count().filter(~notice.c.dead).label("waiting"),
        sa.func.count().filter(notice.c.dead).label("dead"),
    )
    .group_by(notice.c.supplier)
    .order_by(notice.c.supplier)
)
_BEAT = statement(sa.select(turn.c.beat))
_next = sa.bindparam("next", type_=turn.c.beat.type)
_FIRST_BEAT = statement(insert(turn).values(single=sa.true(), beat=_next).on_conflict_do_nothing())
_NEXT_BEAT = statement(sa.update(turn).where(turn.c.beat == sa.bindparam("found", type_=turn.c.beat.type)).values(beat=_next))


@dataclass(frozen=True)
class Waiting:
    """That an order changed, which its supplier is still to be told."""

    order: bytes
    revision: int
    state: State


async def beat(tx: Transaction) -> bytes | None:
    """Return what the process whose turn it is wrote last; None where there was none yet."""
    row = await _BEAT.one_or_none(tx)
    return None if row is None else bytes(row["beat"])


async def next_beat(tx: Transaction, found: bytes | None, made: bytes) -> bool:
    """Write the next beat in the place of the one that was found; False where somebody else was faster."""
    if found is None:
        return await _FIRST_BEAT.execute(tx, next=made) == 1
    return await _NEXT_BEAT.execute(tx, found=found, next=made) == 1


async def put(tx: Transaction, name: bytes, revision: int, supplier: str, state: State, day: date) -> None:
    """Keep what a supplier is to be told, in the transaction of the change itself."""
    await _PUT.execute(tx, order_id=name, revision=revision, supplier=supplier, state=state, day=day, dead=False)


async def waiting(tx: Transaction, supplier: str, most: int) -> list[Waiting]:
    """Return what a supplier is to be told, by orders' random ids, changes of one order as they came."""
    return [Waiting(row["order_id"], row["revision"], row["state"]) for row in await _WAITING.all(tx, supplier=supplier, most=most)]


async def arrived(tx: Transaction, told: Waiting) -> None:
    """Forget what a supplier was told."""
    await _DELETE.execute(tx, order=told.order, number=told.revision)


async def keep_for(tx: Transaction, suppliers: Collection[str]) -> None:
    """Forget what nobody wants to be told: only these suppliers do."""
    await _KEEP.execute(tx, suppliers=list(suppliers))


async def give_up(tx: Transaction, before: date) -> int:
    """Try no longer what is older, and return how many that are."""
    return await _GIVE_UP.execute(tx, day=before)


async def again(tx: Transaction, supplier: str, day: date) -> int:
    """Try from now on what was given up, and say of every order with which there is something to do where it stands."""
    return await _AGAIN.execute(tx, supplier=supplier, day=day) + await _ANEW.execute(
        tx, supplier=supplier, day=day, open=list(OPEN)
    )


async def counts(tx: Transaction) -> list[tuple[str, int, int]]:
    """Return for each supplier how many notices wait and how many were given up."""
    return [(row["supplier"], row["waiting"], row["dead"]) for row in await _COUNTS.all(tx)]
