"""Members order: they reserve, place, cancel and read. Nothing of it is done twice."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.database import Database, Transaction
from chassis.problems import Unavailable
from mailboxes.readers import Reader, Token
from protocol.messages.exchange import Order, Orders, Place, PricedLine, Product, Reserve, SealedAddress
from windows import Deployed

from programs import order_states
from programs.order_errors import (
    KeyReused,
    OrderRefused,
    OrderUnknown,
    OutOfStock,
    PointsShort,
    PreconditionFailed,
)
from programs.store import catalogue, order_notices, orders, point_ledger, point_requests, reservations
from programs.store.orders import SealedPart, Stored
from programs.store.reservations import Wanted
from programs.use_cases.move_order import moved
from programs.use_cases.suppliers import verified

MOST = 200


@dataclass(frozen=True)
class Keyed:
    """A request with its Idempotency-Key."""

    key: bytes
    """SHA-256 of the key."""
    fingerprint: bytes
    """SHA-256 of what was sent with it."""


async def reserve(db: Database, reader: Reader, keyed: Keyed, request: Reserve, today: date) -> Order:
    """Hold points and units until the end of the next day."""
    async with db.statements("reserve-order") as tx:
        products, wanted = await catalogue.some(tx, [line.product for line in request.lines]), None
        # What was answered before comes first, whatever the catalogue says by now.
        with suppress(OrderRefused):
            wanted = _wanted(reader.admitted, keyed, request, products, today)
        if wanted is not None and (outcome := await reservations.reserve_of_reader(tx, reader.signed, wanted)) is not None:
            return await _ended(tx, keyed, wanted, outcome)
    async with db.transaction("reserve-order-otherwise") as tx:
        token = await reader.for_writing(tx)
        if (said := await _said_before(tx, token, "reserve", keyed)) is not None:
            return said
        wanted = _wanted(token, keyed, request, products, today)
        return await _ended(tx, keyed, wanted, await reservations.reserve(tx, wanted))


async def place(
    db: Database, deployed: Deployed, reader: Reader, keyed: Keyed, name: bytes, expected: int | None, request: Place, today: date
) -> Order:
    """Order what is reserved, and keep the address that the supplier opens."""

    async def work(tx: Transaction, token: Token) -> Stored:
        found = await _own(tx, token, name, expected)
        if (request.address is None) != (found.kind == "voucher"):
            raise OrderRefused(reason="address")
        made = await moved(tx, found, "placed", "member", today)
        if request.address is not None:
            await _keep(tx, deployed, made, request.address)
        return made

    return await _once(db, reader, "place", keyed, work, today)


async def readdress(
    db: Database, deployed: Deployed, reader: Reader, name: bytes, expected: int | None, address: SealedAddress, today: date
) -> Order:
    """Put a later address in the place of the one before, as long as nothing was sent; the revision is one more."""
    async with db.transaction("readdress-order") as tx:
        token = await reader.for_writing(tx)
        found = await _own(tx, token, name, expected)
        if found.kind != "goods" or found.state not in ("placed", "accepted"):
            raise OrderRefused(reason="address")
        await _keep(tx, deployed, found, address)
        await orders.move(tx, found, found.state, found.until, today)
        await order_notices.put(tx, name, found.revision + 1, found.supplier, found.state, today)
        return await _shown(tx, token, name)


async def cancel(db: Database, reader: Reader, keyed: Keyed, name: bytes, expected: int | None, today: date) -> Order:
    """Call an order off that the supplier has not accepted."""

    async def work(tx: Transaction, token: Token) -> Stored:
        return await moved(tx, await _own(tx, token, name, expected), "cancelled", "member", today)

    return await _once(db, reader, "cancel", keyed, work, today)


async def read_orders(db: Database, reader: Reader, most: int = MOST) -> Orders:
    """Return the member's orders, the newest first."""
    async with db.statements("read-orders") as tx:
        token = await reader.for_reading(tx)
        return Orders(orders=await _told(tx, await orders.of_member(tx, token, most)))


async def read_order(db: Database, reader: Reader, name: bytes) -> Order:
    """Return one order."""
    async with db.statements("read-order") as tx:
        return await _shown(tx, await reader.for_reading(tx), name)


async def _once(
    db: Database,
    reader: Reader,
    scope: str,
    keyed: Keyed,
    work: Callable[[Transaction, Token], Awaitable[Stored]],
    today: date,
) -> Order:
    """Do the work, or say again what was said to the same request; a request that was refused may come again with its key.

    Of the same key at once the second waits for the first, and is answered what that was.
    """
    async with db.transaction(f"{scope}-order") as tx:
        token = await reader.for_writing(tx)
        if (said := await _said_before(tx, token, scope, keyed)) is not None:
            return said
        made = await work(tx, token)
        shown = (await _told(tx, [made]))[0]
        answered = point_requests.Answered(keyed.fingerprint, shown.model_dump_json())
        await point_requests.put(tx, token, scope, keyed.key, answered, today)
    return shown


async def _said_before(tx: Transaction, token: bytes, scope: str, keyed: Keyed) -> Order | None:
    known = await point_requests.find(tx, token, scope, keyed.key)
    if known is None:
        return None
    if known.fingerprint != keyed.fingerprint:
        raise KeyReused
    return Order.model_validate_json(known.answer)


def _reservation(token: bytes, request: Reserve, products: dict[bytes, Product], today: date) -> Stored:
    first = _checked(request, products)
    lines = tuple(
        PricedLine(product=line.product, units=line.units, points=products[line.product].points) for line in request.lines
    )
    until = today + timedelta(order_states.RESERVED_DAYS)
    return Stored(token, request.id, first.supplier, first.kind, "reserved", 1, request.points, lines, until, today)


def _wanted(token: bytes, keyed: Keyed, request: Reserve, products: dict[bytes, Product], today: date) -> Wanted:
    made = _reservation(token, request, products, today)
    answered = point_requests.Answered(keyed.fingerprint, _order(made, None).model_dump_json())
    return Wanted(made, request.reply_key, keyed.key, answered)


async def _ended(tx: Transaction, keyed: Keyed, wanted: Wanted, outcome: reservations.Outcome) -> Order:
    if outcome != "answered":
        _require(outcome)
        return _order(wanted.made, None)
    said = await _said_before(tx, wanted.made.token, "reserve", keyed)
    if said is None:  # forgotten just now
        raise Unavailable(headers={"Retry-After": "1"})
    return said


def _require(outcome: reservations.Outcome) -> None:
    if outcome == "name":
        raise OrderRefused(reason="id")
    if outcome == "points":
        raise PointsShort
    if outcome == "units":
        raise OutOfStock


def _checked(request: Reserve, products: dict[bytes, Product]) -> Product:
    found = [products.get(line.product) for line in request.lines]
    offered = [one for one in found if one is not None and one.offered]
    if len(offered) != len(found):
        raise OrderRefused(reason="product")
    first = offered[0]
    if any((one.supplier, one.kind) != (first.supplier, first.kind) for one in offered):
        raise OrderRefused(reason="mixed")
    if sum(one.points * line.units for one, line in zip(offered, request.lines, strict=True)) != request.points:
        raise OrderRefused(reason="price")
    if (request.reply_key is not None) != (first.kind == "voucher"):
        raise OrderRefused(reason="reply-key")
    return first


async def _own(tx: Transaction, token: bytes, name: bytes, expected: int | None) -> Stored:
    # The supplier, or time, may move it at this moment: read what it is once they have ended.
    await point_ledger.lock(tx, token)
    found = await orders.find(tx, token, name)
    if found is None:
        raise OrderUnknown
    if expected is not None and expected != found.revision:
        raise PreconditionFailed
    return found


async def _keep(tx: Transaction, deployed: Deployed, stored: Stored, address: SealedAddress) -> None:
    listed = await verified(tx, deployed)
    supplier = None if listed is None else listed.named(stored.supplier)
    if supplier is None or supplier.key_id != address.key_id:
        raise OrderRefused(reason="key")
    if not await orders.seal(tx, stored, SealedPart("address", address.key_id, address.revision, address.content)):
        raise OrderRefused(reason="address")


async def _shown(tx: Transaction, token: bytes, name: bytes) -> Order:
    found = await orders.find(tx, token, name)
    if found is None:
        raise OrderUnknown
    return (await _told(tx, [found]))[0]


async def _told(tx: Transaction, found: Sequence[Stored]) -> tuple[Order, ...]:
    parts = await orders.parts(tx, found) if any(one.kind == "voucher" for one in found) else {}
    return tuple(_order(one, parts.get((one.id, "voucher"))) for one in found)


def _order(one: Stored, voucher: SealedPart | None) -> Order:
    return Order(
        id=one.id,
        supplier=one.supplier,
        kind=one.kind,
        state=one.state,
        revision=one.revision,
        points=one.points,
        lines=one.lines,
        until=one.until,
        day=one.day,
        voucher=None if voucher is None else voucher.content,
    )
