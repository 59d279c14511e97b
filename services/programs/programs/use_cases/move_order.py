"""An order goes from one state to the next, with its points and units, in one transaction."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from chassis.database import Database, Transaction
from protocol.messages.exchange import State

from programs import order_states
from programs.order_errors import OrderState
from programs.order_states import By
from programs.store import catalogue, order_notices, orders, point_ledger
from programs.store.orders import Stored

ORDERS = 100
"""Orders of one look."""


async def moved(tx: Transaction, stored: Stored, to: State, by: By, today: date, *, fault: bool = False) -> Stored:
    """Move an order whose member's balance is locked; raises OrderState where it cannot go there."""
    change = order_states.change(stored.state, to, by, stored.kind)
    until = today + timedelta(order_states.PLACED_DAYS) if to == "placed" else None
    if change is None or not await _paid(tx, stored, change, today, until, fault=fault):
        raise OrderState(state=stored.state)
    if change.restock:
        await catalogue.give_back(tx, stored.lines)
    await orders.move(tx, stored, to, until, today)
    if order_states.told(stored.state, to, by):
        await order_notices.put(tx, stored.id, stored.revision + 1, stored.supplier, to, today)
    return replace(stored, state=to, revision=stored.revision + 1, until=until, day=today)


async def _paid(
    tx: Transaction, stored: Stored, change: order_states.Change, today: date, until: date | None, *, fault: bool
) -> bool:
    token, name = stored.token, stored.id
    match change.points:
        case "keep":
            return True
        case "prolong":
            return await point_ledger.prolong(tx, token, name, today, until or today)
        case "capture":
            return await point_ledger.capture(tx, token, name, stored.supplier, today)
        case "void":
            return await point_ledger.void(tx, token, name)
        case "refund":
            renewed = today + timedelta(order_states.RENEWED_DAYS) if fault else None
            return await point_ledger.refund(tx, token, name, today, renewed)


async def expire_orders(db: Database, now: datetime) -> None:
    """Let go of orders that were neither placed nor accepted in time."""
    today, found = now.date(), ORDERS
    while found == ORDERS:
        async with db.statements("find-lapsed-orders") as tx:
            over = await orders.lapsed(tx, today, ORDERS)
        found = len(over)
        for one in over:
            async with db.transaction("expire-order") as tx:
                await point_ledger.lock(tx, one.token)
                current = await orders.find(tx, one.token, one.id)
                if current is not None and current.until is not None and current.until < today:
                    await moved(tx, current, "expired", "time", today)
