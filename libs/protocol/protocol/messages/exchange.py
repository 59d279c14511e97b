"""Products and orders at programs."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from protocol.deployment import B64

from .base import Bytes16, Bytes64, Message, XWingPublic
from .contests import Title
from .officers import Officers

Kind = Literal["goods", "voucher"]
State = Literal["reserved", "placed", "accepted", "shipped", "delivered", "cancelled", "rejected", "returned", "expired"]
Open = Literal["placed", "accepted", "shipped", "delivered"]
"""Where orders stand that are a supplier's business."""
SupplierId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Sealed = Annotated[B64, Field(min_length=2162, max_length=2162)]
"""An address or a code: :data:`protocol.orders.SEALED_BYTES`."""
Revision = Annotated[int, Field(ge=1, le=1_000_000)]


class PutSuppliers(Message):
    """``PUT /suppliers``: a list that two officers signed (:mod:`protocol.suppliers`)."""

    suppliers: B64
    signatures: dict[str, Bytes64]


class Suppliers(PutSuppliers):
    """``GET /suppliers``: the list, and the officers' lists since the pinned one, by which it is checked."""

    officers: tuple[Officers, ...]


class PutProduct(Message):
    """``PUT /staff/products/{product}``, with If-Match where it is there already."""

    supplier: SupplierId
    kind: Kind
    title_ja: Title
    title_en: Title
    text_ja: Annotated[str, Field(max_length=2000)] = ""
    text_en: Annotated[str, Field(max_length=2000)] = ""
    points: Annotated[int, Field(ge=1, le=1_000_000)]
    supplied: Annotated[int, Field(ge=0, le=1_000_000)]
    """Units that the supplier has made available in all, those already ordered included."""
    offered: bool = True


class Product(PutProduct):
    """Something to be had for points."""

    id: Bytes16
    revision: int
    available: int
    """Units that can be ordered now."""


class Catalogue(Message):
    """``GET /catalogue``: what can be ordered, the same for everybody, read as a whole so that nobody sees what is looked at."""

    products: tuple[Product, ...]


class Picture(Message):
    """``PUT /staff/products/{product}/picture``."""

    media_type: Literal["image/png", "image/jpeg", "image/webp"]
    content: Annotated[B64, Field(min_length=16, max_length=131_072)]


class OrderLine(Message):
    """How many of what."""

    product: Bytes16
    units: Annotated[int, Field(ge=1, le=20)]


class Reserve(Message):
    """``POST /me/orders``: hold points and units until the end of the next day. All products are of one supplier and kind."""

    id: Bytes16
    """Random. What the supplier calls the order."""
    lines: Annotated[tuple[OrderLine, ...], Field(min_length=1, max_length=10)]
    points: Annotated[int, Field(ge=1, le=100_000_000)]
    """What the device has shown as the price of all: another one is refused."""
    reply_key: XWingPublic | None = None
    """For vouchers: the key to which the supplier seals the code, made for this order."""

    @model_validator(mode="after")
    def _different(self) -> Self:
        if len({line.product for line in self.lines}) != len(self.lines):
            raise ValueError("a product stands twice")
        return self


class SealedAddress(Message):
    """An address that the supplier alone opens."""

    key_id: Bytes16
    """Which of the supplier's keys it is sealed to."""
    revision: Revision
    content: Sealed


class Place(Message):
    """``POST /me/orders/{order}/placing``: order what is reserved. Goods need an address, vouchers none."""

    address: SealedAddress | None = None


class PricedLine(OrderLine):
    """One line of an order."""

    points: int
    """Of one."""


class Order(Message):
    """An order as its member sees it. Its ETag is its revision."""

    id: Bytes16
    supplier: str
    kind: Kind
    state: State
    revision: int
    points: int
    lines: tuple[PricedLine, ...]
    until: date | None
    """The last day (UTC) on which it may go on, while it is reserved or placed."""
    day: date
    """Of the last change."""
    voucher: Sealed | None = None


class Orders(Message):
    """``GET /me/orders``: the newest first."""

    orders: tuple[Order, ...]


class SupplierOrder(Message):
    """An order as its supplier sees it: for whom, only the sealed address says."""

    id: Bytes16
    kind: Kind
    state: State
    revision: int
    lines: tuple[PricedLine, ...]
    day: date
    address: SealedAddress | None
    reply_key: XWingPublic | None


class SupplierOrders(Message):
    """``GET /supplier/orders?state=``: in no order; each stays in the list until the supplier moves it on."""

    orders: tuple[SupplierOrder, ...]


class Step(Message):
    """``POST /supplier/orders/{order}/steps``."""

    to: Literal["accepted", "rejected", "shipped", "delivered", "returned"]
    fault: bool = False
    """For ``returned``: the supplier's own fault, so that points whose day is over live on for a month."""
    voucher: Sealed | None = None
    """For vouchers that are ``delivered``: the code, sealed to the order's reply key."""
