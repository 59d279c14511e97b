"""Suppliers read orders by the orders' own names, and move them on."""

from collections.abc import Sequence
from datetime import date, timedelta

from chassis.database import Database, Transaction
from protocol.messages.exchange import Open, SealedAddress, Step, SupplierOrder, SupplierOrders
from protocol.suppliers import Supplier

from programs import order_states
from programs.order_errors import OrderRefused, OrderState, OrderUnknown, PreconditionFailed
from programs.store import orders, point_ledger
from programs.store.orders import SealedPart, Stored
from programs.use_cases.move_order import moved

MOST = 200
"""Orders of one answer."""
MOST_EXPORTED = 2_000
"""Orders of one file: their addresses alone are six megabytes."""


async def orders_for(db: Database, supplier: str, state: Open, after: bytes | None = None, most: int = MOST) -> SupplierOrders:
    """Return orders that stand there, by their random names, those after one."""
    async with db.statements("read-supplier-orders") as tx:
        return SupplierOrders(orders=await _told(tx, await orders.of_supplier(tx, supplier, state, after or b"", most)))


async def order_for(db: Database, supplier: Supplier, name: bytes) -> SupplierOrder:
    """Return one order with its sealed address."""
    async with db.statements("read-supplier-order") as tx:
        return (await _told(tx, [await _found(tx, supplier, name)]))[0]


async def step(db: Database, supplier: Supplier, name: bytes, expected: int | None, request: Step, today: date) -> SupplierOrder:
    """Move an order on; one that stands there already is answered as it is."""
    async with db.transaction("step-order") as tx:
        found = await _found(tx, supplier, name)
        await point_ledger.lock(tx, found.token)
        current = await _found(tx, supplier, name)
        if current.state != request.to:
            if expected is not None and expected != current.revision:
                raise PreconditionFailed
            _require(current, request, today)
            # A supplier who rejects what they have accepted has failed.
            fault = request.fault or request.to == "rejected"
            current = await moved(tx, current, request.to, "supplier", today, fault=fault)
            if request.voucher is not None:
                await orders.seal(tx, current, SealedPart("voucher", None, 1, request.voucher))
        return (await _told(tx, [current]))[0]


def _require(current: Stored, request: Step, today: date) -> None:
    if (request.voucher is not None) != (current.kind == "voucher" and request.to == "delivered"):
        raise OrderRefused(reason="voucher")
    if current.state == "delivered" and today - current.day > timedelta(order_states.RETURN_DAYS):
        raise OrderState(state=current.state)


async def _found(tx: Transaction, supplier: Supplier, name: bytes) -> Stored:
    found = await orders.with_name(tx, name)
    # What is only reserved is none of the supplier's business.
    if found is None or found.supplier != supplier.id or found.state == "reserved":
        raise OrderUnknown
    return found


async def _told(tx: Transaction, found: Sequence[Stored]) -> tuple[SupplierOrder, ...]:
    parts = await orders.parts(tx, found)
    return tuple(
        SupplierOrder(
            id=one.id,
            kind=one.kind,
            state=one.state,
            revision=one.revision,
            lines=one.lines,
            day=one.day,
            address=_address(parts.get((one.id, "address"))),
            reply_key=parts[one.id, "reply-key"].content if (one.id, "reply-key") in parts else None,
        )
        for one in found
    )


def _address(part: SealedPart | None) -> SealedAddress | None:
    if part is None or part.key_id is None:
        return None
    return SealedAddress(key_id=part.key_id, revision=part.revision, content=part.content)
