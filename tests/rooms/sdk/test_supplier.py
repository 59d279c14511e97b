"""What a supplier's own system refuses, before it sends anything to anybody."""

from datetime import date

import pytest
import warifu
from protocol.jose import generate_p256
from protocol.messages.exchange import SealedAddress, SupplierOrder
from protocol.orders import Address, seal_address
from protocol.sealing import XWingPrivateKey
from rooms.sdk.model.world import World
from warifu.supplier import SupplierClient, entry

ADDRESS = Address(name="架空 花子", postal_code="000-0000", address="架空県架空市 1-2-3")
NAME, OTHER = bytes(15) + b"o", bytes(15) + b"x"
REQUEST_KEY, SEAL_KEY = generate_p256(), XWingPrivateKey.generate()


def order(address: SealedAddress | None) -> SupplierOrder:
    """Return goods that are to be sent there."""
    about = {"id": NAME, "kind": "goods", "state": "placed", "revision": 2, "lines": (), "day": date(2026, 4, 1)}
    return SupplierOrder.model_validate({**about, "address": address, "reply_key": None})


def sealed(key: XWingPrivateKey = SEAL_KEY, name: bytes = NAME, said: int = 1) -> SealedAddress:
    """Return an address sealed to this key, for this order and its first revision."""
    shop = entry("shop", "架空商店", REQUEST_KEY, key)
    return SealedAddress(key_id=shop.key_id, revision=said, content=seal_address(shop, name, 1, ADDRESS))


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        (None, warifu.InputRefused, "the order has no address"),
        (sealed(XWingPrivateKey.generate()), warifu.KeyMaterialRefused, "programs: an address that is sealed to another key"),
        (sealed(name=OTHER), warifu.KeyMaterialRefused, "programs: an address that was not sealed for this order"),
        (sealed(said=2), warifu.KeyMaterialRefused, "programs: an address that was not sealed for this order"),
    ],
)
async def test_addresses(world: World, address: SealedAddress | None, kind: type[Exception], said: str) -> None:
    """Goods go nowhere but where the member sealed for this order and this supplier; anything else is an alarm, and why is told."""
    async with world.http() as http, SupplierClient(world.deployment, "shop", REQUEST_KEY, SEAL_KEY, http=http) as shop:
        sent_to = shop.address(order(sealed()))
        with pytest.raises(kind) as caught:
            shop.address(order(address))

    assert (sent_to, str(caught.value)) == (ADDRESS, said)


async def test_a_code_for_goods(world: World) -> None:
    """An order of goods has no key to which a code could be sealed, and programs is not told of one."""
    async with world.http() as http, SupplierClient(world.deployment, "shop", REQUEST_KEY, SEAL_KEY, http=http) as shop:
        with pytest.raises(warifu.InputRefused) as caught:
            await shop.deliver_code(order(sealed()), "KAKU-0001")

    assert (caught.value.fault, world.faults.log) == ("voucher", [])
