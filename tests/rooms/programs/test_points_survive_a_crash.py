"""PostgreSQL is killed while members order: what was acknowledged is there afterwards, once, and the books agree."""

import asyncio
import secrets
from collections.abc import Iterator

import asyncpg
import pytest
from chassis.database import Database
from chassis.problems import Unavailable
from programs.app import SERVICE
from programs.order_errors import OrderRefused
from programs.store import catalogue, point_ledger, point_sums, reservations
from programs.store.orders import Stored
from programs.store.point_requests import Answered
from programs.store.reservations import Wanted
from protocol.encoding import sha256
from protocol.messages.exchange import PricedLine, PutProduct
from support.postgres import ThrowawayCluster

from .points import LATER, TODAY

MEMBERS, UNITS, PRICE, WORKERS = 20, 100_000, 7, 12
PRODUCT = bytes(16)


@pytest.fixture
def own_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThrowawayCluster]:
    """Start a cluster that writes to the disk before it acknowledges, for this test alone."""
    cluster = ThrowawayCluster(tmp_path_factory.mktemp("durable"), {"fsync": "on"})
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def _require(outcome: reservations.Outcome) -> None:
    if outcome != "done":
        raise OrderRefused(reason="id")


async def reserve(db: Database, token: bytes, name: bytes) -> bool:
    """Reserve an order and, once more, capture it; False where it is there already."""
    lines = (PricedLine(product=PRODUCT, units=1, points=PRICE),)
    made = Stored(token, name, "shop", "goods", "reserved", 1, PRICE, lines, TODAY, TODAY)
    try:
        async with db.transaction("reserve") as tx:
            _require(await reservations.reserve(tx, Wanted(made, None, sha256(name), Answered(sha256(name), "{}"))))
    except OrderRefused:
        return False
    async with db.transaction("capture") as tx:
        await point_ledger.capture(tx, token, name, "shop", TODAY)
    return True


async def until_killed(db: Database, tokens: list[bytes], acknowledged: set[bytes], unknown: dict[bytes, bytes]) -> None:
    """Order, one after the other, until the database is gone."""
    while True:
        token, name = secrets.choice(tokens), secrets.token_bytes(16)
        unknown[name] = token
        try:
            await reserve(db, token, name)
        except (Unavailable, asyncpg.InternalClientError):
            return
        acknowledged.add(name)
        del unknown[name]


async def test_nothing_acknowledged_is_lost(own_cluster: ThrowawayCluster) -> None:
    """Killed twice under load: each acknowledged order is there and paid once; those in doubt are settled by asking again."""
    urls = own_cluster.database_of(SERVICE)
    db = await Database.open(urls.runtime_url, pool_max=WORKERS)
    tokens = sorted(secrets.token_bytes(32) for _ in range(MEMBERS))
    said = PutProduct(supplier="shop", kind="goods", title_ja="架空の品", title_en="Thing", points=PRICE, supplied=UNITS)
    async with db.transaction("begin") as tx:
        await point_ledger.issue(tx, bytes(16), "walk", TODAY, LATER, [(token, 1_000_000) for token in tokens])
        await catalogue.add(tx, PRODUCT, said)
    acknowledged: set[bytes] = set()
    unknown: dict[bytes, bytes] = {}
    for _ in range(2):
        workers = [asyncio.create_task(until_killed(db, tokens, acknowledged, unknown)) for _ in range(WORKERS)]
        await asyncio.sleep(1.5)
        await asyncio.to_thread(own_cluster.kill)
        await asyncio.gather(*workers)
        await asyncio.to_thread(own_cluster.restart)
    in_doubt = len(unknown)
    for name, token in unknown.items():
        await reserve(db, token, name)
        async with db.transaction("capture-again") as tx:
            await point_ledger.capture(tx, token, name, "shop", TODAY)
    async with db.statements("look") as tx:
        books = await point_sums.sums(tx)
    await db.close()
    connection = await asyncpg.connect(urls.owner_url)
    paid = [row["id"] for row in await connection.fetch("SELECT id FROM point_entries WHERE amount < 0")]
    (units,) = await connection.fetch("SELECT available, taken FROM product_stock")
    await connection.close()
    done = acknowledged | unknown.keys()

    assert (acknowledged - set(paid), len(paid), len(set(paid))) == (set(), len(done), len(done))
    assert (books.agree, books.held, tuple(units)) == (True, 0, (UNITS - len(done), len(done)))
    assert len(acknowledged) > 50
    assert in_doubt <= 2 * WORKERS
