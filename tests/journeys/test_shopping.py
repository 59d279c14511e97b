"""From steps to points, from points to a parcel, and back: a member, an office, a supplier, and hosts that know little of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import StringIO

import httpx
import pytest
import warifu
from journeys.office import Office
from programs.use_cases import catalogue, grant_points, point_books, point_rules, suppliers
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint
from protocol.messages.exchange import PutProduct, PutSuppliers, Step
from protocol.messages.point_rules import GrantPoints, Rule, RuleVersion, Tier
from protocol.orders import Address
from protocol.sealing import XWingPrivateKey
from protocol.suppliers import SignedSupplierList, Supplier, SupplierList
from registrar.officers import load_officers
from rich.console import Console
from rooms.registrar.paperwork import row
from support.nowhere import Nowhere
from warifu.cli.shell import Shell
from warifu.cli.words import Words
from warifu.supplier import SupplierClient

NUMBER = "101:1:00"
GOODS = PutProduct(supplier="shop", kind="goods", title_ja="歩数計", title_en="Pedometer", points=300, supplied=5)
VOUCHER = PutProduct(supplier="shop", kind="voucher", title_ja="商品券", title_en="Voucher", points=200, supplied=5)
RULE = Rule(
    title_ja="八千歩",
    title_en="Eight thousand",
    metric="active-days",
    steps=8000,
    tiers=(Tier(at=3, points=1000),),
    budget=10_000,
    lasts_days=365,
)
REQUEST_KEY, SEAL_KEY = generate_p256(), XWingPrivateKey.generate()


def signed(office: Office, seal_key: XWingPrivateKey = SEAL_KEY, *, signers: int = 2) -> PutSuppliers:
    """Return a list of the one supplier, as the officers sign it."""
    deployment = office.hosts.papers.deployment
    shop = Supplier(id="shop", name="架空商店", seal_key=seal_key.public_bytes, request_jkt=thumbprint(REQUEST_KEY))
    made = SignedSupplierList.draft(SupplierList(number=1, officers=1, suppliers=(shop,)), deployment.sorted_origins)
    for officer in load_officers(office.hosts.papers.officers, deployment.officers)[:signers]:
        made = made.signed_by(officer.id, officer.key)
    return PutSuppliers(suppliers=made.raw, signatures=made.signatures)


async def opened(office: Office) -> None:
    """Let officers list the supplier, and the office write a rule and two products."""
    state, today = office.hosts.apps["programs"].state, office.clock.now().date()
    await suppliers.accept_suppliers(state.db, state.deployed, signed(office))
    await point_rules.put_rule(state.db, RuleVersion(id="walk", version=1, rule=RULE), today)
    for name, product in ((bytes(16), GOODS), (bytes(15) + b"v", VOUCHER)):
        await catalogue.put_product(state.db, state.deployed, name, product, None)


async def granted(office: Office, days: int) -> None:
    """Let the office grant what the rule gives for the last days."""
    state, today = office.hosts.apps["programs"].state, office.clock.now().date()
    request = GrantPoints(rule="walk", first=today - timedelta(days=days), last=today - timedelta(days=1))
    await grant_points.grant_points(state.db, request, today)


@asynccontextmanager
async def shop(office: Office) -> AsyncIterator[SupplierClient]:
    deployment, now = office.hosts.papers.deployment, office.clock.timestamp
    async with (
        httpx.AsyncClient(transport=Nowhere(), mounts=office.hosts.mounts) as http,
        SupplierClient(deployment, "shop", REQUEST_KEY, SEAL_KEY, http=http, clock=now) as client,
    ):
        yield client


async def typed(session: warifu.MemberSession, commands: str) -> str:
    """Return what a member is shown who types these commands in Japanese."""
    shown = StringIO()

    async def proving() -> warifu.Way:
        raise AssertionError("nothing here is proved anew")

    shell = Shell(session, Console(file=shown, width=120), Words("ja"), proving=proving)
    assert await shell.run(commands.split(";")), shown.getvalue()
    return shown.getvalue()


async def test_from_steps_to_a_parcel_and_back(town: Office) -> None:
    """Points for walking buy goods that are sent to the record's address, which no host can read; returned, the points are back."""
    await town.take_in(row(1, work_id=""))
    await opened(town)
    letter = await town.letter(NUMBER)
    async with town.device() as device, shop(town) as supplier, await device.sign_in(warifu.CodeWay(letter)) as session:
        home = session.profile
        await session.put_steps([warifu.DaySteps(town.clock.now().date() - timedelta(days=ago), 9000) for ago in range(1, 5)])
        await granted(town, 4)
        listed = await typed(session, "points;catalogue")
        first = await session.order({bytes(16): 2})
        town.hosts.lose += ["POST programs/me/orders"]
        second = await session.order({bytes(15) + b"v": 1})
        (parcel,) = [one for one in await supplier.orders() if one.kind == "goods"]
        (code,) = [one for one in await supplier.orders() if one.kind == "voucher"]
        to = supplier.address(parcel)
        parcel = await supplier.move(parcel, Step(to="accepted"))
        moved = await session.send_elsewhere(first.order.id, Address(name=home.name, postal_code="000-0000", address="架空県別町"))
        elsewhere = supplier.address(await supplier.order(parcel.id))
        parcel = await supplier.move(await supplier.order(parcel.id), Step(to="shipped"))
        parcel = await supplier.move(parcel, Step(to="delivered"))
        await supplier.deliver_code(await supplier.move(code, Step(to="accepted")), "CODE-0001")
        paid = await session.points()
        await supplier.move(parcel, Step(to="returned"))
        back, seen = await session.points(), await typed(session, "orders;points")
        everywhere = [await town.everything(host) for host in ("gateway", "keyvault", "identity", "anon-data", "programs")]
    books = await point_books.read_books(town.hosts.apps["programs"].state.db)

    assert ("使えるポイント：1000" in listed, "歩数計" in listed) == (True, True)
    assert (to.name, to.address, elsewhere.address) == (home.name, home.address, "架空県別町")
    assert (moved.order.revision, second.order.points) == (4, 200)
    assert ((paid.posted, paid.held), (back.posted, back.held), books.agree) == ((200, 0), (800, 0), True)
    assert ("CODE-0001" in seen, "返品済み" in seen, "使えるポイント：800" in seen) == (True, True, True)
    assert [(home.address in text, "別町" in text, "CODE-0001" in text) for text in everywhere] == [(False, False, False)] * 5


async def test_a_host_that_lists_a_supplier_itself(town: Office) -> None:
    """A list that two officers did not sign is an alarm on the device: nothing is reserved, nothing is sealed."""
    await town.take_in(row(1, work_id=""))
    await opened(town)
    letter = await town.letter(NUMBER)
    forged = signed(town, XWingPrivateKey.generate(), signers=1)
    await town.hosts.rows("programs", "DELETE FROM supplier_list")
    await town.hosts.rows("programs", "INSERT INTO supplier_list (number, content) VALUES (1, $1)", forged.suppliers)
    for officer, signature in forged.signatures.items():
        await town.hosts.rows("programs", "INSERT INTO supplier_signature VALUES (1, $1, $2)", officer, signature)
    async with town.device() as device, await device.sign_in(warifu.CodeWay(letter)) as session:
        with pytest.raises(warifu.KeyMaterialRefused):
            await session.order({bytes(16): 1})
        with pytest.raises(warifu.InputRefused):
            await session.order({b"nothing-like-that": 1})

    assert await town.hosts.count("programs", "exchange_order") == 0
    assert b64u(SEAL_KEY.public_bytes) not in forged.suppliers.decode()


async def test_orders_by_hand(town: Office) -> None:
    """Typed at the prompt: too few points are said in words, an order is made and cancelled by its number."""
    await town.take_in(row(1, work_id=""))
    await opened(town)
    letter = await town.letter(NUMBER)
    async with town.device() as device, await device.sign_in(warifu.CodeWay(letter)) as session:
        shown = StringIO()

        async def proving() -> warifu.Way:
            raise AssertionError("nothing here is proved anew")

        shell = Shell(session, Console(file=shown, width=120), Words("ja"), proving=proving)
        done = [await shell.command(line) for line in ("orders", "order 1", "order 9", "cancel-order 1")]
        await session.put_steps([warifu.DaySteps(town.clock.now().date() - timedelta(days=ago), 9000) for ago in range(1, 5)])
        await granted(town, 4)
        made = await typed(session, "order 2 2;orders;cancel-order 1;orders;points")
        bad = await shell.command("cancel-order 1")

    said, refused = shown.getvalue(), ("ポイントが足りません", "その番号の品", "その番号の注文", "もう変更できません")
    told = ("注文しました。", "注文済み", "取消済み", "使えるポイント：1000（ほかに注文中 0）")

    assert (done, bad) == ([True, False, False, False], False)
    assert [text for text in refused if text not in said] == []
    assert [text for text in told if text not in made] == []
