"""Ordering: what is refused before an order is made, and what programs cannot slip in."""

import secrets
from datetime import date
from typing import Any

import pytest
import warifu
from protocol.deployment import Officer, OfficerList
from protocol.jose import generate_p256
from protocol.messages.exchange import Order, Product, Suppliers
from protocol.orders import seal_voucher, voucher_key
from protocol.sealing import XWingPrivateKey
from protocol.signing import SigningKey
from protocol.suppliers import SignedSupplierList, SupplierList
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import PROFILE, World
from rooms.sdk.test_supplier import ADDRESS
from warifu.supplier import entry

OFFICERS = {name: SigningKey(secrets.token_bytes(32)) for name in ("officer-a", "officer-b")}
SHOP = entry("shop", "架空商店", generate_p256(), XWingPrivateKey.generate())
GOODS, VOUCHER, UNSIGNED = bytes(16), bytes(15) + b"v", bytes(15) + b"u"


def product(name: bytes, supplier: str = "shop", kind: str = "goods") -> Product:
    about = {"title_ja": "歩数計", "title_en": "Pedometer", "points": 300, "supplied": 5, "revision": 1, "available": 5}
    return Product.model_validate({"id": name, "supplier": supplier, "kind": kind, **about})


def listed(world: World, signers: int = 2) -> None:
    """Let this many officers, whom the deployment pins, sign for the one supplier."""
    pinned = tuple(Officer(id=name, key=key.public_bytes) for name, key in OFFICERS.items())
    world.describe(world.deployment.model_copy(update={"officers": OfficerList(number=1, officers=pinned)}))
    made = SignedSupplierList.draft(SupplierList(number=1, officers=1, suppliers=(SHOP,)), world.deployment.sorted_origins)
    for name in list(OFFICERS)[:signers]:
        made = made.signed_by(name, OFFICERS[name])
    mailbox = world.stores["programs"].mailbox
    mailbox.suppliers = Suppliers(suppliers=made.raw, signatures=dict(made.signatures), officers=())
    mailbox.products = [product(GOODS), product(VOUCHER, kind="voucher"), product(UNSIGNED, "other")]


def asked(world: World) -> list[str]:
    """What programs heard of orders."""
    return [line for line in world.faults.log if "/me/orders" in line]


@pytest.mark.parametrize("cart", [{}, {secrets.token_bytes(16): 1}, {GOODS: 1, secrets.token_bytes(16): 1}])
async def test_a_cart_of_what_is_not_offered(world: World, sign_in: SignIn, cart: dict[bytes, int]) -> None:
    """Nothing, or anything that is not in the catalogue, is no order, and programs hears of none."""
    listed(world)
    session = await sign_in()
    with pytest.raises(warifu.InputRefused) as caught:
        await session.order(cart, ADDRESS)

    assert (caught.value.fault, asked(world)) == ("cart", [])


@pytest.mark.parametrize("record", [True, False])
async def test_goods_for_who_has_no_address(world: World, sign_in: SignIn, record: bool) -> None:
    """Goods need an address; where the record has none, or is none, it is asked for before points are held."""
    listed(world)
    if not record:
        world.authorities["identity"].record = None
    session = await sign_in()
    with pytest.raises(warifu.InputRefused) as caught:
        await session.order({GOODS: 1})

    assert PROFILE.address == ""
    assert (caught.value.fault, str(caught.value)) == ("address", "the personal record has no address")
    assert asked(world) == []


@pytest.mark.parametrize(
    ("signers", "bought", "said"),
    [
        (2, UNSIGNED, "a supplier whom nobody signed for"),
        (1, GOODS, "a list of suppliers that officers did not sign"),
        (0, GOODS, "a list of suppliers that officers did not sign"),
    ],
)
async def test_a_supplier_without_two_officers(world: World, sign_in: SignIn, signers: int, bought: bytes, said: str) -> None:
    """No address is sealed to whoever two officers did not list, whatever programs offers."""
    listed(world, signers)
    session = await sign_in()
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await session.order({bought: 1}, ADDRESS)

    assert (caught.value.host, caught.value.reason, asked(world)) == ("programs", said, [])


async def test_an_order_at_a_host_that_is_down(world: World, sign_in: SignIn) -> None:
    """A step is sent three times, and then the member is told."""
    listed(world)
    session = await sign_in()
    world.faults.down_paths.add("/me/orders")
    with pytest.raises(warifu.HostUnavailable) as caught:
        await session.order({GOODS: 1}, ADDRESS)

    assert (caught.value.host, asked(world)) == ("programs", ["programs POST /me/orders"] * 3)


async def test_a_code_of_another_order(world: World, sign_in: SignIn) -> None:
    """A code that was sealed for one order is shown for no other."""
    session = await sign_in()
    public = voucher_key(session._keys().settled.held.mailbox_seed, VOUCHER).public_bytes
    about: dict[str, Any] = {"supplier": "shop", "kind": "voucher", "state": "delivered", "revision": 4, "points": 300, "lines": ()}
    sealed = {"until": None, "day": date(2026, 4, 1), "voucher": seal_voucher(public, VOUCHER, "KAKU-0001")}
    orders = [Order.model_validate({"id": name, **about, **sealed}) for name in (VOUCHER, GOODS)]
    world.stores["programs"].mailbox.orders = orders[:1]
    shown = await session.orders()
    world.stores["programs"].mailbox.orders = orders
    with pytest.raises(warifu.KeyMaterialRefused) as caught:
        await session.orders()

    assert ([one.code for one in shown], caught.value.reason) == (["KAKU-0001"], "a code that was not sealed for this order")
