"""Suppliers hear of orders: in the order's own transaction or not at all, at least once, and without a word about the member."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from chassis.config import ConfigError
from chassis.guarded_http import GuardedHttp
from hypothesis import given
from hypothesis import strategies as st
from programs.app import SERVICE
from programs.config import NoticesConfig, ProgramsConfig
from programs.notices import LEASE_S, LONGEST_PAUSE_S, Notices, Pauses, notice_key
from programs.use_cases.order_notices import TRIED_DAYS, count_notices, tell_again, tell_suppliers
from protocol.messages.mailbox import EraseMailboxes, Erasure
from protocol.notices import OrderNotice, check, written
from protocol.signing import SigningKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from support.postgres import ThrowawayCluster
from support.store_host import Member, StoreHost, store_host
from support.upstream import listener, listening, origin_of

from .exchange import GOODS, Shop, as_member, cancelled, opened_shop, placed, reserved, reserving, sealed_address
from .points import granted, opened

KEY = SigningKey(bytes(31) + b"n")
LOOPBACK = (ip_network("127.0.0.1/32"),)


@pytest.fixture
async def host(cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[StoreHost]:
    """Serve programs on an empty database, and nothing beside the requests: each test tells when it wants to."""
    async with store_host(replace(SERVICE, workers=()), cluster, tmp_path) as host:
        yield host


@dataclass
class Receiver:
    """A supplier's address."""

    url: str
    notices: Notices
    host: StoreHost
    got: list[tuple[str, bytes]] = field(default_factory=list)
    """Ids and bodies whose signature verified, as they came."""
    status: int = 204
    pause_s: float = 0

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        name, _ = check(KEY.public_bytes, request.headers, body, self.host.clock.timestamp())
        self.got.append((name, body))
        await asyncio.sleep(self.pause_s)
        return Response(status_code=self.status)

    @property
    def said(self) -> list[OrderNotice]:
        return [OrderNotice.model_validate_json(body) for _, body in self.got]

    async def told(self) -> None:
        """Take one turn."""
        async with opened(self.host) as db:
            await tell_suppliers(db, self.host.app.state.deployed, self.notices, self.host.clock)

    async def waiting(self) -> list[tuple[str, int, int]]:
        async with opened(self.host) as db:
            return await count_notices(db)


@asynccontextmanager
async def receiving(host: StoreHost, chance: Callable[[], float] = lambda: 1.0) -> AsyncIterator[Receiver]:
    """Listen as a supplier does."""
    bound = listener()
    async with httpx.AsyncClient(trust_env=False) as client:
        receiver = Receiver(f"{origin_of(bound)}/orders", Notices(KEY, GuardedHttp(client, LOOPBACK), Pauses(chance)), host)
        async with listening(Starlette(routes=[Route("/orders", receiver.receive, methods=["POST"])]), bound):
            yield receiver


async def shopping(host: StoreHost, receiver: Receiver) -> tuple[Shop, Member, str]:
    """Open a shop that is told, and return it with a member who has points, and a product."""
    shop, _, (product,) = await opened_shop(host, GOODS, notices=receiver.url)
    member = await host.member()
    async with opened(host) as db:
        await granted(db, member, points=3000)
    return shop, member, product


async def test_a_supplier_is_told(host: StoreHost) -> None:
    """Of orders placed, readdressed and called off; not of what the supplier did, nor of what was only reserved."""
    async with receiving(host) as receiver:
        shop, member, product = await shopping(host, receiver)
        first, second, only = reserving(product), reserving(product), reserving(product)
        order, other = await placed(host, member, shop, first), await placed(host, member, shop, second)
        await reserved(host, member, only)
        await receiver.told()
        at_first, receiver.got = receiver.said, []
        await as_member(host, member, "PUT", f"/me/orders/{order}/address", sealed_address(shop, first.id, 2), revision=2)
        await cancelled(host, member, other, 2)
        await shop.step(host, order, "accepted", 3)
        await receiver.told()
        left = await receiver.waiting()

    assert sorted(at_first, key=str) == sorted((OrderNotice(order=one.id, state="placed") for one in (first, second)), key=str)
    assert {(one.order, one.state) for one in receiver.said} == {(first.id, "placed"), (second.id, "cancelled")}
    assert {tuple(json.loads(body)) for _, body in receiver.got} == {("order", "state")}
    assert left == []


async def test_a_notice_comes_again_until_it_arrived(host: StoreHost) -> None:
    """Refused, it waits ten seconds, then twenty; each time it has the same id; after it arrived nothing is left of it."""
    async with receiving(host) as receiver:
        shop, member, product = await shopping(host, receiver)
        await placed(host, member, shop, reserving(product))
        receiver.status, counts = 503, []
        for seconds in (0, 9, 1, 19, 1):
            host.clock.advance(timedelta(seconds=seconds))
            await receiver.told()
            counts.append(len(receiver.got))
        kept = await host.rows("SELECT * FROM order_notice")
        receiver.status = 200
        host.clock.advance(timedelta(seconds=40))
        await receiver.told()
        left = await receiver.waiting()

    assert (counts, len(kept), left) == ([1, 1, 2, 2, 3], 1, [])
    assert (len(receiver.got), len({name for name, _ in receiver.got})) == (4, 1)


async def test_one_process_at_a_time_tells(host: StoreHost) -> None:
    """Four that wake together tell an order once; when the one whose turn it is stops, another takes over after a while."""
    async with receiving(host) as receiver:
        shop, member, product = await shopping(host, receiver)
        await placed(host, member, shop, reserving(product))
        receiver.pause_s = 0.2
        others = [replace(receiver, notices=Notices(KEY, receiver.notices.http)) for _ in range(4)]
        await asyncio.gather(*(one.told() for one in others))
        at_first = len(receiver.got)
        await placed(host, member, shop, reserving(product))
        stopped = next(one for one in others if one.notices.turn.own is not None)
        others.remove(stopped)
        for _ in range(2):
            await asyncio.gather(*(one.told() for one in others))
            host.clock.advance(timedelta(seconds=LEASE_S - 1))
        silent = len(receiver.got)
        host.clock.advance(timedelta(seconds=1))
        await asyncio.gather(*(one.told() for one in others))
        taken_over = len(receiver.got)
        await stopped.told()

    assert (at_first, silent, taken_over, len(receiver.got)) == (1, 1, 2, 2)


async def test_given_up_and_asked_for_again(host: StoreHost) -> None:
    """After a week nobody tries any more, until the operator asks; then every open order is told of too, in its present state."""
    async with receiving(host) as receiver:
        shop, member, product = await shopping(host, receiver)
        first, second = reserving(product), reserving(product)
        await placed(host, member, shop, first)
        order = await placed(host, member, shop, second)
        receiver.status = 500
        host.clock.advance(timedelta(days=TRIED_DAYS))
        await receiver.told()
        tried, host_day = len(receiver.got), timedelta(days=1)
        host.clock.advance(host_day)
        await receiver.told()
        dead = await receiver.waiting()
        receiver.status, receiver.got = 200, []
        await shop.step(host, order, "accepted", 2)
        async with opened(host) as db:
            again = await tell_again(db, "shop", host.clock.now().date())
        await receiver.told()

    assert (tried, dead, again) == (1, [("shop", 0, 2)], 3)
    assert sorted((one.order, one.state) for one in receiver.said) == sorted(
        [(first.id, "placed"), (second.id, "placed"), (second.id, "accepted")]
    )


async def test_what_is_refused_is_not_told(host: StoreHost) -> None:
    """A notice stands or falls with its change."""
    async with receiving(host) as receiver:
        shop, member, product = await shopping(host, receiver)
        order = await placed(host, member, shop, reserving(product))
        await receiver.told()
        stale = await cancelled(host, member, order, 1)
        async with host.held("LOCK TABLE order_notice IN ACCESS EXCLUSIVE MODE"):
            waits = asyncio.create_task(cancelled(host, member, order, 2))
            await host.waiting(1)
            before = await host.rows("SELECT state FROM exchange_order")
        done = await waits

    assert (stale.status_code, [row["state"] for row in before], done.status_code) == (412, ["placed"], 200)
    assert len(await host.rows("SELECT * FROM order_notice WHERE revision = 3")) == 1


async def test_nobody_asks_inside(host: StoreHost) -> None:
    """An address that only this host can reach is not asked, and the notice waits."""
    async with receiving(host) as receiver:
        shop, member, product = await shopping(host, receiver)
        await placed(host, member, shop, reserving(product))
        async with httpx.AsyncClient() as client:
            receiver.notices = replace(receiver.notices, http=GuardedHttp(client, ()))
            await receiver.told()
            left = await receiver.waiting()

    assert (receiver.got, left) == ([], [("shop", 1, 0)])


async def test_nothing_is_kept_for_who_only_asks(host: StoreHost) -> None:
    """Where a supplier named no address, or the host has no key, notices are forgotten at the next turn."""
    async with receiving(host) as receiver:
        shop, _, (product,) = await opened_shop(host, GOODS)
        member = await host.member()
        async with opened(host) as db:
            await granted(db, member, points=1000)
        await placed(host, member, shop, reserving(product))
        before = await receiver.waiting()
        await receiver.told()
        after = await receiver.waiting()

    assert (before, after, receiver.got) == ([("shop", 1, 0)], [], [])


async def test_an_erasure_ends_notices(host: StoreHost) -> None:
    """Nobody is told any more of orders whose member is gone; a notice that was given up goes a month later."""
    async with receiving(host) as receiver:
        shop, member, product = await shopping(host, receiver)
        await placed(host, member, shop, reserving(product))
        await host.rows("INSERT INTO order_notice VALUES ($1, 1, 'shop', 'placed', current_date - 40, true)", bytes(16))
        await host.seal()
        after_seal = len(await host.rows("SELECT * FROM order_notice"))
        listed = await host.decided("erase", member)
        row = Erasure(token=member.token, subject=listed.proof("programs", member.token))
        answer = await host.as_registrar("erase", "POST", "/erasures", EraseMailboxes(rows=(row,)))

    assert (after_seal, answer.status_code, await host.rows("SELECT * FROM order_notice")) == (1, 200, [])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_pauses_grow_and_end(chances: list[float]) -> None:
    """Each pause is at least half of what it may be, none is longer than an hour, and who answers is asked at once."""
    found, now = iter(chances), 0.0
    waited: list[tuple[bool, bool]] = []
    pauses = Pauses(lambda: next(found))
    for _ in chances:
        pauses.failed("shop", now)
        longest = min(10 * 2 ** len(waited), LONGEST_PAUSE_S)
        waited.append((pauses.over("shop", now + longest / 2 - 0.01), pauses.over("shop", now + longest)))
    pauses.arrived("shop")

    assert set(waited) == {(False, True)}
    assert pauses.over("shop", now)


async def test_commands(host: StoreHost, tmp_path: Path) -> None:
    """The operator prints the key for suppliers, counts what waits, and has a supplier told again."""
    (tmp_path / "notices").write_text("A" * 43)
    (tmp_path / "notices").chmod(0o600)
    (tmp_path / "runtime.url").write_text(host.urls.runtime_url)
    (tmp_path / "runtime.url").chmod(0o600)
    plain = ProgramsConfig.model_validate(
        {
            "host": "programs",
            "bind": "127.0.0.1:0",
            "deployment_file": tmp_path / "deployment.json",
            "database": {"url_file": tmp_path / "runtime.url"},
        }
    )
    config = plain.model_copy(update={"notices": NoticesConfig(key_file=tmp_path / "notices")})
    commands = {one.name: one.run for one in SERVICE.commands}
    async with receiving(host) as receiver:
        shop, member, product = await shopping(host, receiver)
        await placed(host, member, shop, reserving(product))
        said = [await commands["notices"](config), await commands["tell-again"](config, supplier="shop")]
    with pytest.raises(ConfigError, match="no table `notices`"):
        await commands["notice-key"](plain)
    for seed in ("A" * 42, "A" * 44):
        (tmp_path / "other").write_text(seed)
        (tmp_path / "other").chmod(0o600)
        with pytest.raises(ConfigError, match="other: the seed of an Ed25519 key should be 32 bytes"):
            notice_key(NoticesConfig(key_file=tmp_path / "other"))

    assert said == ["shop: 1 waiting, 0 given up", "shop is told of 0 changes again"]
    assert await commands["notice-key"](config) == written(notice_key(NoticesConfig(key_file=tmp_path / "notices")).public_bytes)
