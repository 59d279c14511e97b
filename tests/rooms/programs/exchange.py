"""A shop with suppliers whom two officers listed, and members who order there."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc.jwk import ECKey
from protocol import orders, proof
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint
from protocol.messages.base import Message
from protocol.messages.exchange import OrderLine, Place, PutProduct, PutSuppliers, Reserve, SealedAddress, Step
from protocol.sealing import XWingPrivateKey
from protocol.staff import Role
from protocol.suppliers import SignedSupplierList, Supplier, SupplierList
from support.office import Colleague, staffed
from support.store_host import OFFICERS, ORIGINS, Member, StoreHost, deployment

ADDRESS = orders.Address(name="架空 花子", postal_code="000-0000", address="架空県架空市 1-2-3", phone="000-0000-0000")
GOODS = PutProduct(supplier="shop", kind="goods", title_ja="歩数計", title_en="Pedometer", points=300, supplied=10)


@dataclass
class Shop:
    """A supplier with keys of their own."""

    id: str = "shop"
    request_key: ECKey = field(default_factory=generate_p256)
    seal_key: XWingPrivateKey = field(default_factory=XWingPrivateKey.generate)
    notices: str | None = None
    """Where it is told of changes."""

    @property
    def listed(self) -> Supplier:
        return Supplier(
            id=self.id,
            name=f"Fictional {self.id}",
            seal_key=self.seal_key.public_bytes,
            request_jkt=thumbprint(self.request_key),
            notices=self.notices,
        )

    async def call(
        self, host: StoreHost, method: str, path: str, message: Message | None = None, revision: int | None = None
    ) -> httpx.Response:
        """Call a route as the supplier."""
        body = b"" if message is None else message.model_dump_json().encode()
        made = proof.make(self.request_key, method, ORIGINS["programs"] + path, self.id.encode(), body, host.clock.timestamp())
        headers = {proof.HEADER: made, "Content-Type": "application/json"}
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        return await host.client.request(method, path, content=body, headers=headers)

    async def step(self, host: StoreHost, order: str, to: str, revision: int, **more: Any) -> httpx.Response:
        request = Step.model_validate({"to": to, **more})
        return await self.call(host, "POST", f"/supplier/orders/{order}/steps", request, revision)


def signed(*shops: Shop, number: int = 1, signers: tuple[str, ...] = ("officer-a", "officer-b")) -> SignedSupplierList:
    """Return a list of suppliers as these officers signed it."""
    listed = SupplierList(number=number, officers=1, suppliers=tuple(one.listed for one in shops))
    made = SignedSupplierList.draft(listed, deployment().sorted_origins)
    for name in signers:
        made = made.signed_by(name, OFFICERS[name])
    return made


async def put_suppliers(host: StoreHost, made: SignedSupplierList) -> httpx.Response:
    body = PutSuppliers(suppliers=made.raw, signatures=made.signatures).model_dump_json()
    return await host.client.put("/suppliers", content=body, headers={"Content-Type": "application/json"})


async def put_product(host: StoreHost, by: Colleague, name: str, said: PutProduct, revision: int | None = None) -> httpx.Response:
    path = f"/staff/products/{name}"
    headers = {**by.headers(host, "PUT", path), **({} if revision is None else {"If-Match": f'"{revision}"'})}
    return await by.call(host, "PUT", path, headers=headers, message=said)


def name() -> bytes:
    return secrets.token_bytes(16)


async def opened_shop(
    host: StoreHost, *said: PutProduct, notices: str | None = None, roles: tuple[Role, ...] = ("office",)
) -> tuple[Shop, Colleague, list[str]]:
    """Open a shop with these products, and return their ids."""
    shop, by = Shop(notices=notices), Colleague("desk-1", roles=roles)
    await staffed(host, by)
    assert (await put_suppliers(host, signed(shop))).status_code == 201
    ids = [b64u(name()) for _ in said]
    for at, product in zip(ids, said, strict=True):
        answer = await put_product(host, by, at, product)
        assert answer.status_code == 201, answer.text
    return shop, by, ids


async def as_member(
    host: StoreHost,
    member: Member,
    method: str,
    path: str,
    message: Message | None = None,
    *,
    key: str | None = None,
    revision: int | None = None,
) -> httpx.Response:
    """Send a member's request with an Idempotency-Key and an If-Match."""
    body = b"" if message is None else message.model_dump_json().encode()
    made = proof.make(member.reader, method, ORIGINS["programs"] + path, member.token, body, host.clock.timestamp())
    headers: Mapping[str, str | None] = {
        proof.HEADER: made,
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "If-Match": None if revision is None else f'"{revision}"',
    }
    return await host.client.request(method, path, content=body, headers={k: v for k, v in headers.items() if v is not None})


def reserving(product: str, points: int = 300, units: int = 1, **more: Any) -> Reserve:
    line = OrderLine.model_validate({"product": product, "units": units})
    return Reserve.model_validate({"id": name(), "lines": (line,), "points": points, **more})


def placing(shop: Shop, order: bytes, revision: int = 1, address: orders.Address = ADDRESS) -> Place:
    """Return what places an order, its address sealed as a device does."""
    return Place(address=sealed_address(shop, order, revision, address))


def sealed_address(shop: Shop, order: bytes, revision: int = 1, address: orders.Address = ADDRESS) -> SealedAddress:
    sealed = orders.seal_address(shop.listed, order, revision, address)
    return SealedAddress(key_id=shop.listed.key_id, revision=revision, content=sealed)


async def reserved(host: StoreHost, member: Member, request: Reserve, key: str | None = None) -> httpx.Response:
    return await as_member(host, member, "POST", "/me/orders", request, key=key or secrets.token_hex(8))


async def placed(host: StoreHost, member: Member, shop: Shop, request: Reserve) -> str:
    """Reserve and place an order, and return its id as it stands in paths."""
    made = await reserved(host, member, request)
    assert made.status_code == 201, made.text
    order: str = made.json()["id"]
    path = f"/me/orders/{order}/placing"
    place = Place() if request.reply_key is not None else placing(shop, request.id)
    answer = await as_member(host, member, "POST", path, place, key=secrets.token_hex(8), revision=1)
    assert answer.status_code == 200, answer.text
    return order


async def cancelled(host: StoreHost, member: Member, order: str, revision: int, key: str | None = None) -> httpx.Response:
    path = f"/me/orders/{order}/cancelling"
    return await as_member(host, member, "POST", path, key=key or secrets.token_hex(8), revision=revision)


async def stock(host: StoreHost) -> tuple[int, int]:
    """Return available and taken units of the only product."""
    row = (await host.rows("SELECT available, taken FROM product_stock"))[0]
    return row["available"], row["taken"]
