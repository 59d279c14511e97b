"""The catalogue: who lists suppliers, how a product comes in and what it looks like."""

import asyncio

import httpx
from protocol.encoding import b64u
from protocol.messages.exchange import Picture
from support.office import Colleague
from support.store_host import StoreHost, problem

from .exchange import GOODS, Shop, name, opened_shop, put_product, put_suppliers, signed

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


async def show(host: StoreHost, by: Colleague, product: str, media_type: str, content: bytes) -> httpx.Response:
    message = Picture.model_validate({"media_type": media_type, "content": b64u(content)})
    return await by.call(host, "PUT", f"/staff/products/{product}/picture", message=message)


async def test_no_suppliers_yet(host: StoreHost) -> None:
    """Before officers have listed anybody there is no list to read; afterwards there is the one that they signed."""
    before = await host.client.get("/suppliers")
    made = signed(Shop())
    assert (await put_suppliers(host, made)).status_code == 201
    after = (await host.client.get("/suppliers")).json()

    assert problem(before) == (404, "suppliers-unknown")
    assert (after["suppliers"], after["officers"]) == (b64u(made.raw), [])


async def test_a_product_that_is_not_there(host: StoreHost) -> None:
    """Who changes a product that nobody added is told so, and it is not added."""
    _, by, _ = await opened_shop(host)
    answer = await put_product(host, by, b64u(name()), GOODS, 1)

    assert (problem(answer), await host.rows("SELECT id FROM product")) == ((412, "precondition-failed"), [])


async def test_a_product_that_two_add_at_once(host: StoreHost) -> None:
    """Of two who add a product under one id at once the second is told that it is there, and changes neither words nor units."""
    _, by, _ = await opened_shop(host)
    product = b64u(name())
    said = [GOODS.model_copy(update={"supplied": supplied}) for supplied in (3, 5)]
    async with host.held("LOCK TABLE product IN SHARE MODE"):
        both = [asyncio.create_task(put_product(host, by, product, one)) for one in said]
        await host.waiting(2)
    answers = {one.supplied: answer for one, answer in zip(said, await asyncio.gather(*both), strict=True)}
    (added,) = (supplied for supplied, answer in answers.items() if answer.status_code == 201)
    (refused,) = (answer for answer in answers.values() if answer.status_code != 201)
    rows = await host.rows("SELECT supplied, revision, available FROM product JOIN product_stock ON product = id")

    assert problem(refused) == (428, "precondition-required")
    assert [tuple(row) for row in rows] == [(added, 1, added)]


async def test_a_supplier_who_left(host: StoreHost) -> None:
    """What a supplier offered can be withdrawn after officers have taken them off the list; offered again it cannot be."""
    _, by, (product,) = await opened_shop(host, GOODS)
    assert (await put_suppliers(host, signed(Shop("other"), number=2))).status_code == 201
    hidden = GOODS.model_copy(update={"offered": False})
    answers = [await put_product(host, by, product, *said) for said in ((GOODS, 1), (hidden, 1), (GOODS, 2))]
    catalogue = (await host.client.get("/catalogue")).json()

    assert [(answer.status_code, answer.json().get("reason")) for answer in answers] == [
        (409, "supplier"),
        (200, None),
        (409, "supplier"),
    ]
    assert catalogue == {"products": []}


async def test_pictures(host: StoreHost) -> None:
    """A product shows the image that it was given; other content, and a picture of nothing, are refused and not kept."""
    _, by, (product, plain) = await opened_shop(host, GOODS, GOODS)
    stranger = b64u(name())
    first = await show(host, by, product, "image/webp", b"RIFF\x0a\x00\x00\x00WEBPVP8 ")
    shown = await show(host, by, product, "image/png", PNG)
    refused = [
        await show(host, by, product, "image/png", b"<svg onload=...>" + PNG),
        await show(host, by, product, "image/jpeg", PNG),
        await show(host, by, product, "image/webp", b"RIFF\x24\x00\x00\x00WAVEfmt "),
        await show(host, by, stranger, "image/png", PNG),
    ]
    pictures = [await host.client.get(f"/catalogue/{one}/picture") for one in (product, plain, stranger)]

    assert (first.status_code, shown.status_code) == (204, 204)
    assert [(problem(one), one.json().get("reason")) for one in refused] == [
        *[((409, "product-refused"), "picture")] * 3,
        ((404, "product-unknown"), None),
    ]
    assert (pictures[0].content, pictures[0].headers["content-type"]) == (PNG, "image/png")
    assert [problem(one) for one in pictures[1:]] == [(404, "product-unknown")] * 2
    assert len(await host.rows("SELECT product FROM product_picture")) == 1
