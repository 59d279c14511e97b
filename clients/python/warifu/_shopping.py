"""The part of a session in which a member sees their points and exchanges them."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx
from protocol.deployment import Deployment
from protocol.encoding import EncodingError, b64u
from protocol.messages.exchange import (
    Catalogue,
    Order,
    OrderLine,
    Orders,
    Place,
    Product,
    Reserve,
    SealedAddress,
    Suppliers,
)
from protocol.messages.point_corrections import PutPointCase
from protocol.messages.point_rules import Rules, RuleVersion
from protocol.messages.points import Points
from protocol.officers import OfficersRefused, SignedOfficerList, follow
from protocol.orders import Address, open_voucher, seal_address, voucher_key
from protocol.sealing import OpenError
from protocol.signed_lists import ListRefused
from protocol.suppliers import SignedSupplierList, Supplier, SupplierList

from ._lifetime import Lifetime
from ._wire import parse
from .errors import HostUnavailable, InputRefused, KeyMaterialRefused

_TRIES = 3
"""How often one step of an order is sent before the member is told: with its key it is done once, however often it comes."""

_ALL = "?most=20000"


@dataclass(frozen=True)
class Ordered:
    """One of the member's orders, and its code where it is a voucher that was delivered."""

    order: Order
    code: str | None = None


class Shops(Lifetime):
    """A session in which a member sees their points and exchanges them. The cart is the caller's: no host sees it."""

    async def points(self, *, whole: bool = False) -> Points:
        """Return what the member has, by when it must be spent, and how it came and went: the newest 200 transfers, or all."""
        return parse("programs", Points, await self._ask("programs", "GET", "/me/points" + _ALL * whole))

    async def name_for_the_office(self) -> bytes:
        """Return a new random name, kept for a month, by which the office corrects points without knowing whose they are here."""
        name = secrets.token_bytes(16)
        await self._ask("programs", "PUT", "/me/point-case", message=PutPointCase(id=name))
        return name

    async def point_rules(self) -> tuple[RuleVersion, ...]:
        """Return by what points are granted."""
        return parse("programs", Rules, await self._open_page("/point-rules")).rules

    async def catalogue(self) -> tuple[Product, ...]:
        """Return everything that is offered. Nothing of the member goes along: nobody sees who looks."""
        return parse("programs", Catalogue, await self._open_page("/catalogue")).products

    async def order(self, cart: Mapping[bytes, int], address: Address | None = None) -> Ordered:
        """Order units of products, by their ids, all of one supplier and kind.

        Goods go to ``address``, or to that of the personal record, which only the supplier can open; vouchers need none.
        """
        offered = {one.id: one for one in await self.catalogue()}
        if not cart or not cart.keys() <= offered.keys():
            raise InputRefused("cart", "a cart holds what is offered")
        first = offered[next(iter(cart))]
        sends = first.kind == "goods"
        to = (address or self._own_address()) if sends else None
        supplier = await self._supplier(first.supplier)
        name = secrets.token_bytes(16)
        place = Place(address=None if to is None else _sealed(supplier, name, 1, to))
        seed = self._keys().settled.held.mailbox_seed
        reserve = Reserve(
            id=name,
            lines=tuple(OrderLine(product=product, units=units) for product, units in cart.items()),
            points=sum(offered[product].points * units for product, units in cart.items()),
            reply_key=None if sends else voucher_key(seed, name).public_bytes,
        )
        made = await self._step("", reserve, None)
        return Ordered(await self._step(f"/{b64u(name)}/placing", place, made.revision))

    async def orders(self, *, whole: bool = False) -> tuple[Ordered, ...]:
        """Return the member's orders, the newest 200 or all, the newest first."""
        found = parse("programs", Orders, await self._ask("programs", "GET", "/me/orders" + _ALL * whole)).orders
        return tuple(self._received(one) for one in found)

    async def cancel_order(self, name: bytes) -> Ordered:
        """Call an order off that its supplier has not accepted."""
        current = await self._order(name)
        return Ordered(await self._step(f"/{b64u(name)}/cancelling", None, current.revision))

    async def send_elsewhere(self, name: bytes, address: Address) -> Ordered:
        """Give the supplier of an order another address, as long as nothing was sent."""
        current = await self._order(name)
        supplier = await self._supplier(current.supplier)
        # The order's own revision only grows, so it tells the later address from the one before.
        sealed = _sealed(supplier, name, current.revision, address)
        path, headers = f"/me/orders/{b64u(name)}/address", {"If-Match": f'"{current.revision}"'}
        return Ordered(parse("programs", Order, await self._ask("programs", "PUT", path, message=sealed, headers=headers)))

    def _own_address(self) -> Address:
        profile = self._keys().settled.profile
        if profile is None or not profile.address:
            raise InputRefused("address", "the personal record has no address")
        try:
            return Address(name=profile.name, postal_code=profile.postcode or "-", address=profile.address, phone=profile.telephone)
        except ValueError:
            raise InputRefused("address", "the address of the personal record is too long") from None

    async def _order(self, name: bytes) -> Order:
        return parse("programs", Order, await self._ask("programs", "GET", f"/me/orders/{b64u(name)}"))

    async def _supplier(self, name: str) -> Supplier:
        said = parse("programs", Suppliers, await self._open_page("/suppliers"))
        found = checked_suppliers(self._wire.deployment, said).named(name)
        if found is None:
            raise KeyMaterialRefused("programs", "a supplier whom nobody signed for")
        return found

    async def _open_page(self, path: str) -> httpx.Response:
        self._keys()
        return await self._wire.send("programs", "GET", path, headers=dict)

    async def _step(self, path: str, message: Reserve | Place | None, revision: int | None) -> Order:
        headers = {"Idempotency-Key": secrets.token_urlsafe(16)}
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'

        async def send() -> httpx.Response:
            return await self._ask("programs", "POST", f"/me/orders{path}", message=message, headers=headers)

        return parse("programs", Order, await _patiently(send))

    def _received(self, order: Order) -> Ordered:
        if order.voucher is None:
            return Ordered(order)
        key = voucher_key(self._keys().settled.held.mailbox_seed, order.id)
        try:
            return Ordered(order, open_voucher(key, order.voucher, order.id))
        except OpenError:
            raise KeyMaterialRefused("programs", "a code that was not sealed for this order") from None


def checked_suppliers(deployment: Deployment, said: Suppliers) -> SupplierList:
    """Return the list of suppliers when two officers signed it, whom the deployment pins or who follow from those.

    Raises ``KeyMaterialRefused``: whoever made such a list wants to read addresses.
    """
    origins = deployment.sorted_origins
    signed = SignedSupplierList(said.suppliers, dict(said.signatures))
    later = [SignedOfficerList(one.officers, dict(one.signatures)) for one in said.officers]
    try:
        number = signed.read(origins).officers
        return signed.check(
            follow(deployment.officers, [one for one in later if one.read(origins).number <= number], origins), origins
        )
    except (OfficersRefused, ListRefused):
        raise KeyMaterialRefused("programs", "a list of suppliers that officers did not sign") from None


def _sealed(supplier: Supplier, order: bytes, revision: int, address: Address) -> SealedAddress:
    try:
        content = seal_address(supplier, order, revision, address)
    except EncodingError:
        raise InputRefused("address", "the address is too long") from None
    return SealedAddress(key_id=supplier.key_id, revision=revision, content=content)


async def _patiently(send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    for left in reversed(range(_TRIES)):
        try:
            return await send()
        except HostUnavailable:
            if not left:
                raise
    raise AssertionError("unreachable")
