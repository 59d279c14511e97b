"""Orders: held, placed, paid, sent, given back; once each, and whoever sends them never sees for whom but in what was sealed."""

import asyncio
import csv
import io
from datetime import timedelta

import pytest
from programs.use_cases import supplier_orders
from programs.use_cases.move_order import expire_orders
from protocol import orders
from protocol.encoding import b64u, unb64u
from protocol.messages.mailbox import EraseMailboxes, Erasure
from protocol.sealing import OpenError
from support.store_host import Member, StoreHost, problem

from .exchange import (
    ADDRESS,
    GOODS,
    Shop,
    as_member,
    cancelled,
    opened_shop,
    placed,
    placing,
    put_product,
    put_suppliers,
    reserved,
    reserving,
    sealed_address,
    signed,
    stock,
)
from .points import TODAY, balance, granted, opened, sums

VOUCHER = GOODS.model_copy(update={"kind": "voucher", "title_ja": "商品券", "title_en": "Voucher", "points": 500})


async def rich(host: StoreHost, points: int = 1000) -> Member:
    """Return a member with points."""
    member = await host.member()
    async with opened(host) as db:
        await granted(db, member, points=points)
    return member


async def has(host: StoreHost, member: Member) -> tuple[int, int]:
    async with opened(host) as db:
        have, books = await balance(db, member), await sums(db)
    assert books.agree, books
    return have.posted, have.held


async def test_an_order_from_end_to_end(host: StoreHost) -> None:
    """Points are held, then paid, and come back when the goods do; the supplier opens the address, and this host could not."""
    shop, _, (product,) = await opened_shop(host, GOODS)
    member = await rich(host)
    request = reserving(product, 600, units=2)
    order = await placed(host, member, shop, request)
    held, left = await has(host, member), await stock(host)
    queue = (await shop.call(host, "GET", "/supplier/orders")).json()["orders"]
    address = queue[0]["address"]
    opened_address = orders.open_address(
        shop.seal_key, unb64u(address["content"]), request.id, shop.listed.key_id, address["revision"]
    )
    answers = [await shop.step(host, order, to, revision) for revision, to in enumerate(("accepted", "shipped", "delivered"), 2)]
    paid = await has(host, member)
    back = await shop.step(host, order, "returned", 5)
    shown = (await as_member(host, member, "GET", f"/me/orders/{order}")).json()

    assert (held, left, opened_address) == ((1000, 600), (8, 2), ADDRESS)
    assert [answer.json()["state"] for answer in answers] == ["accepted", "shipped", "delivered"]
    assert (paid, back.status_code, await has(host, member), await stock(host)) == ((400, 0), 200, (1000, 0), (8, 2))
    assert (shown["state"], shown["revision"], shown["points"]) == ("returned", 6, 600)
    assert b64u(member.token) not in str(queue)
    assert "架空" not in str(await host.rows("SELECT encode(content, 'escape') AS content FROM order_sealed"))


async def test_an_address_is_bound(host: StoreHost) -> None:
    """What was sealed for one order opens for no other, nor for another revision; a later one takes the place of the one before."""
    shop, _, (product,) = await opened_shop(host, GOODS)
    member, request = await rich(host), reserving(product)
    order = await placed(host, member, shop, request)
    moved = ADDRESS.model_copy(update={"address": "架空県別町 9"})
    path = f"/me/orders/{order}/address"
    later = await as_member(host, member, "PUT", path, sealed_address(shop, request.id, 2, moved), revision=2)
    stale = await as_member(host, member, "PUT", path, sealed_address(shop, request.id, 2, ADDRESS), revision=3)
    other_key = await as_member(host, member, "PUT", path, sealed_address(Shop(), request.id, 3), revision=3)
    got = (await shop.call(host, "GET", f"/supplier/orders/{order}")).json()["address"]
    sealed, key_id = unb64u(got["content"]), shop.listed.key_id
    refused = 0
    for name, revision in ((bytes(16), 2), (request.id, 1)):
        try:
            orders.open_address(shop.seal_key, sealed, name, key_id, revision)
        except OpenError:
            refused += 1

    assert later.json()["revision"] == 3
    assert [(problem(one), one.json()["reason"]) for one in (stale, other_key)] == [
        ((409, "order-refused"), "address"),
        ((409, "order-refused"), "key"),
    ]
    assert (orders.open_address(shop.seal_key, sealed, request.id, key_id, 2), refused) == (moved, 2)


async def test_a_voucher_for_one_order(host: StoreHost) -> None:
    """A code is sealed to a key of this order alone, without any address, and the member opens it."""
    shop, _, (product,) = await opened_shop(host, VOUCHER)
    member = await rich(host)
    request = reserving(product, 500)
    key = orders.voucher_key(bytes(32), request.id)
    order = await placed(host, member, shop, request.model_copy(update={"reply_key": key.public_bytes}))
    got = (await shop.call(host, "GET", f"/supplier/orders/{order}")).json()
    await shop.step(host, order, "accepted", 2)
    shipped, empty = await shop.step(host, order, "shipped", 3), await shop.step(host, order, "delivered", 3)
    code = orders.seal_voucher(unb64u(got["reply_key"]), request.id, "CODE-0000")
    done = await shop.step(host, order, "delivered", 3, voucher=b64u(code))
    shown = (await as_member(host, member, "GET", "/me/orders")).json()["orders"][0]

    assert (problem(shipped), empty.json()["reason"], done.status_code) == ((409, "order-state"), "voucher", 200)
    assert (got["address"], orders.open_voucher(key, unb64u(shown["voucher"]), request.id)) == (None, "CODE-0000")


async def test_the_same_key_again(host: StoreHost) -> None:
    """Sixteen requests with one key make one order and get one answer; without a key, or with another body, there is none."""
    _, _, (product,) = await opened_shop(host, GOODS)
    member, request = await rich(host), reserving(product)
    answers = await asyncio.gather(*(reserved(host, member, request, "once") for _ in range(16)))
    other = await reserved(host, member, reserving(product), "once")
    none = await as_member(host, member, "POST", "/me/orders", request)
    twice = await reserved(host, member, request, "another-key")
    order = answers[0].json()["id"]
    ended = await cancelled(host, member, order, 1, "end")
    again = [await cancelled(host, member, order, 1, "end"), await reserved(host, member, request, "once")]
    elsewhere = await cancelled(host, member, order, 2, "end")

    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert [problem(one) for one in (other, none, twice)] == [
        (422, "idempotency-key-reused"),
        (400, "idempotency-key-missing"),
        (409, "order-refused"),
    ]
    assert [one.text for one in again] == [ended.text, answers[0].text]
    assert problem(elsewhere) == (422, "idempotency-key-reused")
    assert (await has(host, member), await stock(host)) == ((1000, 0), (10, 0))


async def test_the_same_key_after_the_price_changed(host: StoreHost) -> None:
    """What was answered is answered again, though nobody could order it so any more; another key is refused."""
    _, desk, (product,) = await opened_shop(host, GOODS)
    member, request = await rich(host), reserving(product)
    first = await reserved(host, member, request, "once")
    dearer = await put_product(host, desk, product, GOODS.model_copy(update={"points": GOODS.points + 1}), 1)
    again = await reserved(host, member, request, "once")
    other = await reserved(host, member, reserving(product), "another")

    assert (first.status_code, dearer.is_success, again.status_code, again.text) == (201, True, 201, first.text)
    assert (problem(other), other.json()["reason"]) == ((409, "order-refused"), "price")
    assert (await has(host, member), await stock(host)) == ((1000, 300), (9, 1))


async def test_the_last_unit(host: StoreHost) -> None:
    """Of sixteen members who want the last three units, three get one, and the others keep their points."""
    _, _, (product,) = await opened_shop(host, GOODS.model_copy(update={"supplied": 3}))
    members = [await host.member() for _ in range(16)]
    async with opened(host) as db:
        await granted(db, *members)
    answers = await asyncio.gather(*(reserved(host, member, reserving(product)) for member in members))
    held = [(await has(host, member))[1] for member in members]

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 13
    assert {problem(answer) for answer in answers if answer.status_code != 201} == {(409, "out-of-stock")}
    assert (sorted(held), await stock(host)) == ([0] * 13 + [300] * 3, (0, 3))


async def test_points_that_do_not_suffice(host: StoreHost) -> None:
    """A member with points for three orders gets three of eight at once; a refused key may come again."""
    _, _, (product,) = await opened_shop(host, GOODS)
    member = await rich(host)
    requests = [reserving(product) for _ in range(8)]
    answers = await asyncio.gather(*(reserved(host, member, one, f"key-{at}") for at, one in enumerate(requests)))
    refused = [at for at, answer in enumerate(answers) if answer.status_code == 409]
    async with opened(host) as db:
        await granted(db, member, points=300)
    again = await reserved(host, member, requests[refused[0]], f"key-{refused[0]}")

    assert ({problem(answers[at]) for at in refused}, len(refused)) == ({(409, "points-short")}, 5)
    assert (again.status_code, await has(host, member), await stock(host)) == (201, (1300, 1200), (6, 4))


async def test_what_expires_first_is_held_first(host: StoreHost) -> None:
    """Of three lots the one that ended yesterday is worth nothing, though its points are not taken yet; then comes the oldest."""
    _, _, (product,) = await opened_shop(host, GOODS)
    member = await host.member()
    async with opened(host) as db:
        lots = [await granted(db, member, points=200, expires=TODAY + timedelta(days)) for days in (90, -1, 30)]
    made = await reserved(host, member, reserving(product))
    short = await reserved(host, member, reserving(product), "more")
    parts = {row["lot"]: row["amount"] for row in await host.rows("SELECT lot, amount FROM point_hold_part")}

    assert (made.status_code, problem(short)) == (201, (409, "points-short"))
    assert parts == {lots[2]: 200, lots[0]: 100}
    assert (await has(host, member), await stock(host)) == ((600, 300), (9, 1))


async def test_cancelled_or_accepted(host: StoreHost) -> None:
    """When member and supplier act at once one of them is told that it came too late, and the points follow the other."""
    shop, _, (product,) = await opened_shop(host, GOODS)
    member = await rich(host, 3000)
    outcomes = []
    for _ in range(6):
        order = await placed(host, member, shop, reserving(product))
        # Both have come as far as the member's balance.
        async with host.held("SELECT token FROM point_balance FOR UPDATE"):
            both = [asyncio.create_task(one) for one in (cancelled(host, member, order, 2), shop.step(host, order, "accepted", 2))]
            await host.waiting(2)
        ended, taken = await asyncio.gather(*both)
        outcomes.append((ended.status_code, taken.status_code))
    paid = sum(taken == 200 for _, taken in outcomes)

    assert set(outcomes) <= {(200, 412), (412, 200)}
    assert (await has(host, member), await stock(host)) == ((3000 - 300 * paid, 0), (10 - paid, paid))


async def test_what_is_not_placed_in_time(host: StoreHost) -> None:
    """A reservation ends with the day after, an order nobody accepts after two weeks; what meets that end happens before or not."""
    shop, _, (product,) = await opened_shop(host, GOODS)
    member, request = await rich(host, 900), reserving(product)
    order = await placed(host, member, shop, reserving(product))
    first = (await reserved(host, member, request)).json()["id"]
    meeting = reserving(product)
    await reserved(host, member, meeting)
    async with opened(host) as db:
        await expire_orders(db, host.clock.now() + timedelta(days=1))
        before = await has(host, member)
        host.clock.advance(timedelta(days=2))
        path = f"/me/orders/{b64u(meeting.id)}/placing"
        place = as_member(host, member, "POST", path, placing(shop, meeting.id), key="late", revision=1)
        late, _ = await asyncio.gather(place, expire_orders(db, host.clock.now()))
        middle = await has(host, member)
        host.clock.advance(timedelta(days=13))
        too_late = await shop.step(host, order, "accepted", 2)
        await expire_orders(db, host.clock.now())
    states = {one["id"]: one["state"] for one in (await as_member(host, member, "GET", "/me/orders")).json()["orders"]}

    assert (before, late.status_code >= 400, middle, problem(too_late)) == ((900, 900), True, (900, 300), (409, "order-state"))
    assert states == {first: "expired", b64u(meeting.id): "expired", order: "expired"}
    assert (await has(host, member), await stock(host)) == ((900, 0), (10, 0))


async def test_conditions(host: StoreHost) -> None:
    """Whatever changes an order or a product says which revision it read."""
    shop, by, (product,) = await opened_shop(host, GOODS)
    member, request = await rich(host), reserving(product)
    await reserved(host, member, request)
    path = f"/me/orders/{b64u(request.id)}/placing"
    place = placing(shop, request.id)
    answers = [
        await as_member(host, member, "POST", path, place, key="a"),
        await as_member(host, member, "POST", path, place, key="a", revision=2),
        await put_product(host, by, product, GOODS),
        await put_product(host, by, product, GOODS, 2),
        await put_product(host, by, product, GOODS.model_copy(update={"supplied": 0}), 1),
        await put_product(host, by, product, GOODS.model_copy(update={"kind": "voucher"}), 1),
        await put_product(host, by, b64u(bytes(16)), GOODS.model_copy(update={"supplier": "nobody"})),
    ]
    changed = await put_product(host, by, product, GOODS.model_copy(update={"supplied": 12, "points": 400}), 1)
    price = await reserved(host, member, reserving(product))

    assert [problem(one) for one in answers] == [
        (428, "precondition-required"),
        (412, "precondition-failed"),
        (428, "precondition-required"),
        (412, "precondition-failed"),
        *[(409, "product-refused")] * 3,
    ]
    assert (changed.headers["etag"], changed.json()["available"], price.json()["reason"]) == ('"2"', 11, "price")


async def test_who_is_no_supplier(host: StoreHost) -> None:
    """Another key, another supplier's order, and what is only reserved are nobody's business; no list without two officers."""
    shop, _, (product,) = await opened_shop(host, GOODS)
    other, stranger = Shop("other"), Shop()
    weak = await put_suppliers(host, signed(shop, other, number=2, signers=("officer-a",)))
    listed = [await put_suppliers(host, signed(shop, other, number=number)) for number in (2, 2, 1)]
    member, request = await rich(host), reserving(product)
    order = await placed(host, member, shop, request)
    waiting = (await reserved(host, member, reserving(product))).json()["id"]
    answers = [
        await stranger.call(host, "GET", "/supplier/orders"),
        await other.call(host, "GET", f"/supplier/orders/{order}"),
        await shop.call(host, "GET", f"/supplier/orders/{waiting}"),
        await other.step(host, order, "accepted", 2),
    ]

    assert (problem(weak), [one.status_code for one in listed]) == ((403, "suppliers-refused"), [201, 200, 409])
    assert [problem(one) for one in answers] == [(401, "supplier-unknown"), *[(404, "order-unknown")] * 3]
    assert (await other.call(host, "GET", "/supplier/orders")).json() == {"orders": []}


async def test_what_the_seal_leaves(host: StoreHost) -> None:
    """Orders that are over become history without anything sealed; a delivered address goes after two weeks, and all reads stay."""
    shop, _, (product,) = await opened_shop(host, GOODS)
    member = await rich(host)
    ended = await placed(host, member, shop, reserving(product))
    await cancelled(host, member, ended, 2)
    request = reserving(product)
    sent = await placed(host, member, shop, request)
    for revision, to in enumerate(("accepted", "shipped", "delivered"), 2):
        await shop.step(host, sent, to, revision)
    before = (await as_member(host, member, "GET", "/me/orders")).json()
    await host.seal()
    left = await host.rows("SELECT order_id FROM order_sealed")
    kept = []
    for days in (13, 15):
        # The seal goes by the real clock.
        await host.rows("UPDATE exchange_order SET day = (now() AT TIME ZONE 'UTC')::date - $1::integer", days)
        await host.seal()
        (row,) = await host.rows("SELECT (SELECT count(*) FROM exchange_order), (SELECT count(*) FROM order_sealed)")
        kept.append(tuple(row))
    await host.rows("UPDATE exchange_order SET day = $1", TODAY - timedelta(days=400))
    await host.seal()
    past = await host.rows("SELECT id FROM exchange_order_past")
    after = (await as_member(host, member, "GET", "/me/orders")).json()

    assert [row["order_id"] for row in left] == [request.id]
    assert kept == [(1, 1), (1, 0)]
    assert (len(past), await host.rows("SELECT id FROM exchange_order")) == (2, [])
    assert (await host.rows("SELECT order_id FROM order_sealed"), len(after["orders"])) == ([], len(before["orders"]))
    assert problem(await reserved(host, member, request)) == (409, "order-refused")


async def test_an_erased_member_orders_nothing(host: StoreHost) -> None:
    """An erasure takes orders and what is sealed along; what nobody has accepted can be ordered by others."""
    shop, _, (product,) = await opened_shop(host, GOODS)
    member = await rich(host)
    open_, accepted = [await placed(host, member, shop, reserving(product)) for _ in range(2)]
    await shop.step(host, accepted, "accepted", 2)
    listed = await host.decided("erase", member)
    rows = (Erasure(token=member.token, subject=listed.proof("programs", member.token)),)
    await host.as_registrar("erase", "POST", "/erasures", EraseMailboxes(rows=rows))
    gone = await shop.call(host, "GET", f"/supplier/orders/{open_}")
    counts = [(await host.rows(f"SELECT count(*) FROM {table}"))[0][0] for table in ("exchange_order", "order_sealed")]

    assert (problem(gone), counts, await stock(host)) == ((404, "order-unknown"), [0, 0], (9, 1))


async def test_titles_that_turn_text_around(host: StoreHost) -> None:
    """A product whose title holds a format character is refused as malformed, and not stored."""
    _, by, _ = await opened_shop(host)
    answer = await put_product(host, by, b64u(bytes(16)), GOODS.model_copy(update={"title_ja": "歩数\u202e計"}))

    assert (problem(answer), await host.rows("SELECT id FROM product")) == ((422, "malformed"), [])


async def test_orders_as_a_file(host: StoreHost) -> None:
    """A supplier, or the office for them, takes orders along: a row a line, with the order's name and the sealed address alone."""
    shop, by, products = await opened_shop(host, GOODS, GOODS.model_copy(update={"title_en": "Scale", "points": 100}))
    members = [await rich(host), await rich(host)]
    first, second = reserving(products[0], 300), reserving(products[1], 200, units=2)
    both = first.model_copy(update={"lines": (*first.lines, *second.lines), "points": 500})
    names = [await placed(host, members[0], shop, both), await placed(host, members[1], shop, reserving(products[0]))]
    own = await shop.call(host, "GET", "/supplier/orders.csv?state=placed")
    path = "/staff/suppliers/shop/orders"
    office = await by.call(host, "GET", f"{path}.csv?state=placed")
    pages = [
        (await by.call(host, "GET", f"{path}?after={after}")).json()["orders"] for after in ("A" * 22, *sorted(names, key=unb64u))
    ]
    rows = list(csv.DictReader(io.StringIO(own.content.decode("utf-8-sig"))))
    found = [row for row in rows if row["order"] == names[0]]
    opened_address = orders.open_address(shop.seal_key, unb64u(found[0]["address"]), both.id, shop.listed.key_id, 1)

    assert own.headers["content-type"] == "text/csv; charset=utf-8"
    assert own.content.startswith(b"\xef\xbb\xbforder,state,revision,day,kind,product,units,points,address_key,")
    lines = sorted((row["product"], row["units"], row["points"]) for row in found)
    assert lines == sorted([(products[0], "1", "300"), (products[1], "2", "100")])
    assert ({row["order"] for row in rows}, opened_address, office.content) == (set(names), ADDRESS, own.content)
    assert [len(page) for page in pages] == [2, 1, 0]
    assert not any(b64u(member.token) in own.text for member in members)
    assert (await Shop().call(host, "GET", "/supplier/orders.csv")).status_code == 401


async def test_a_full_file_names_the_next(host: StoreHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files together have each order once."""
    monkeypatch.setattr(supplier_orders, "MOST_EXPORTED", 2)
    shop, _, (product,) = await opened_shop(host, GOODS)
    member = await rich(host)
    made = {await placed(host, member, shop, reserving(product)) for _ in range(3)}
    one = await shop.call(host, "GET", "/supplier/orders.csv")
    two = await shop.call(host, "GET", "/supplier/orders.csv" + one.links["next"]["url"])
    found = [row["order"] for file in (one, two) for row in csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))]

    assert (sorted(found), two.links) == (sorted(made), {})
