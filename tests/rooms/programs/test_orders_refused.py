"""Orders that cannot be so: each is refused for its own reason, and holds, moves and seals nothing."""

from datetime import timedelta

import httpx
from programs.order_states import RETURN_DAYS
from protocol import orders
from protocol.encoding import b64u
from protocol.messages.exchange import OrderLine, Place, Reserve
from support.store_host import StoreHost, problem

from .exchange import (
    GOODS,
    Shop,
    as_member,
    cancelled,
    name,
    opened_shop,
    placed,
    placing,
    put_product,
    put_suppliers,
    reserved,
    reserving,
    sealed_address,
    signed,
)
from .test_orders import VOUCHER, has, rich

REFUSED = (409, "order-refused")


async def state(host: StoreHost) -> list[tuple[object, ...]]:
    """Return where every order stands, and how often its address was written."""
    query = (
        "SELECT o.state, o.revision, s.what, s.revision FROM exchange_order AS o "
        "LEFT JOIN order_sealed AS s ON s.order_id = o.id ORDER BY o.id, s.what"
    )
    return [tuple(row.values()) for row in await host.rows(query)]


async def taken(host: StoreHost) -> int:
    return int((await host.rows("SELECT sum(taken) FROM product_stock"))[0][0])


def reasons(answers: list[httpx.Response]) -> list[tuple[tuple[int, str], str | None]]:
    return [(problem(answer), answer.json().get("reason")) for answer in answers]


async def test_what_cannot_be_reserved(host: StoreHost) -> None:
    """What is not offered, of several suppliers or kinds, or with a reply key for goods, or a code without one, holds nothing."""
    shop, by, (goods, code, hidden) = await opened_shop(host, GOODS, VOUCHER, GOODS.model_copy(update={"offered": False}))
    assert (await put_suppliers(host, signed(shop, Shop("other"), number=2))).status_code == 201
    elsewhere = b64u(name())
    assert (await put_product(host, by, elsewhere, GOODS.model_copy(update={"supplier": "other"}))).status_code == 201
    member = await rich(host)
    key = orders.voucher_key(bytes(32), name()).public_bytes

    def both(product: str, points: int) -> Reserve:
        lines = tuple(OrderLine.model_validate({"product": one, "units": 1}) for one in (goods, product))
        return Reserve(id=name(), lines=lines, points=points)

    asked = [
        *(reserving(hidden), reserving(b64u(name())), both(hidden, 600)),
        *(both(code, 800), both(elsewhere, 600)),
        *(reserving(goods).model_copy(update={"reply_key": key}), reserving(code, 500)),
    ]
    answers = [await reserved(host, member, one) for one in asked]

    assert reasons(answers) == [
        (REFUSED, reason) for reason in ("product", "product", "product", "mixed", "mixed", "reply-key", "reply-key")
    ]
    assert (await state(host), await taken(host), await has(host, member)) == ([], 0, (1000, 0))


async def test_goods_go_somewhere_and_codes_nowhere(host: StoreHost) -> None:
    """Goods without an address and a code with one are not placed; they stay reserved, and no address is kept."""
    shop, _, (goods, code) = await opened_shop(host, GOODS, VOUCHER)
    member = await rich(host)
    sent = reserving(goods)
    shown = reserving(code, 500).model_copy(update={"reply_key": orders.voucher_key(bytes(32), name()).public_bytes})
    answers = []
    for request, place in ((sent, Place()), (shown, placing(shop, shown.id))):
        assert (await reserved(host, member, request)).status_code == 201
        path = f"/me/orders/{b64u(request.id)}/placing"
        answers.append(await as_member(host, member, "POST", path, place, key="place", revision=1))

    assert reasons(answers) == [(REFUSED, "address")] * 2
    assert sorted(await state(host), key=str) == [("reserved", 1, "reply-key", 1), ("reserved", 1, None, None)]


async def test_an_address_stays_once_goods_are_sent(host: StoreHost) -> None:
    """An address changes while an order of goods is placed or accepted: not before, not after, and never for a code."""
    shop, _, (goods, code) = await opened_shop(host, GOODS, VOUCHER)
    member = await rich(host, 2000)
    waiting, sent = reserving(goods), reserving(goods)
    shown = reserving(code, 500).model_copy(update={"reply_key": orders.voucher_key(bytes(32), name()).public_bytes})
    await reserved(host, member, waiting)
    for request in (sent, shown):
        await placed(host, member, shop, request)
    assert (await shop.step(host, b64u(sent.id), "accepted", 2)).status_code == 200

    async def moved(request: Reserve, revision: int) -> httpx.Response:
        address = sealed_address(shop, request.id, revision)
        return await as_member(host, member, "PUT", f"/me/orders/{b64u(request.id)}/address", address, revision=revision)

    accepted = await moved(sent, 3)
    assert (await shop.step(host, b64u(sent.id), "shipped", 4)).status_code == 200
    before = await state(host)
    answers = [await moved(waiting, 1), await moved(sent, 5), await moved(shown, 2)]

    assert (accepted.status_code, ("shipped", 5, "address", 3) in before) == (200, True)
    assert reasons(answers) == [(REFUSED, "address")] * 3
    assert await state(host) == before


async def test_another_members_order(host: StoreHost) -> None:
    """An order is there for its own member alone, whatever another one wants with it."""
    shop, _, (product,) = await opened_shop(host, GOODS)
    member, other = await rich(host), await rich(host)
    request = reserving(product)
    order = b64u(request.id)
    await reserved(host, member, request)
    answers = [
        await as_member(host, other, "GET", f"/me/orders/{order}"),
        await as_member(host, other, "POST", f"/me/orders/{order}/placing", placing(shop, request.id), key="a", revision=1),
        await as_member(host, other, "PUT", f"/me/orders/{order}/address", sealed_address(shop, request.id), revision=1),
        await cancelled(host, other, order, 1),
    ]

    assert [problem(answer) for answer in answers] == [(404, "order-unknown")] * 4
    assert (await state(host), await has(host, member)) == ([("reserved", 1, None, None)], (1000, 300))


async def test_what_comes_back_too_late(host: StoreHost) -> None:
    """Goods come back within thirty days after delivery; a day later they and the points stay where they are."""
    shop, _, (product,) = await opened_shop(host, GOODS)
    member = await rich(host)
    first, second = [await placed(host, member, shop, reserving(product)) for _ in range(2)]
    for order in (first, second):
        for revision, to in enumerate(("accepted", "shipped", "delivered"), 2):
            assert (await shop.step(host, order, to, revision)).status_code == 200
    host.clock.advance(timedelta(days=RETURN_DAYS))
    last_day = await shop.step(host, first, "returned", 5)
    host.clock.advance(timedelta(days=1))
    late = await shop.step(host, second, "returned", 5)

    assert (last_day.status_code, problem(late), late.json()["state"]) == (200, (409, "order-state"), "delivered")
    assert ({row[0] for row in await state(host)}, await has(host, member)) == ({"delivered", "returned"}, (700, 0))
