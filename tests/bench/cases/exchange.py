"""Points: an order reserved against plain two-row transfers, and a grant to many members against a COPY of its entries."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

from chassis.database import Database
from programs.store import catalogue, point_ledger, point_requests, reservations
from programs.store.orders import Stored
from programs.store.reservations import Wanted
from protocol.encoding import sha256
from protocol.messages.exchange import PricedLine, PutProduct

from bench import plain_transfers
from bench.case import Case
from bench.errors import BenchError
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.rounds import alternate

HOST = "programs"
SUPPLIERS = 20
RICH = 1_000_000
GRANTED_A_REQUEST = 20
"""Members of a round's grant, by the requests of a round."""
_TODAY = datetime.now(UTC).date()
_LATER = _TODAY + timedelta(days=300)
_TABLES = (
    *("product", "product_picture", "product_stock", "exchange_order", "order_sealed"),
    *("point_balance", "point_hold", "point_hold_part", "point_request"),
    *("point_entry", "point_entry_inbox", "point_use", "point_use_inbox"),
)
_ENTRIES = "CREATE TABLE bench.entry (LIKE public.point_entry INCLUDING INDEXES INCLUDING CONSTRAINTS)"
_COLUMNS = ("token", "id", "amount", "against", "party", "day", "expires", "reverses")


async def run(bench: Bench) -> list[Figure]:
    """Measure orders a second, then members a second."""
    async with _shop(bench) as (db, members, products):

        async def exchange(number: int) -> None:
            await _reserve(db, members[number % len(members)], products[number % SUPPLIERS])

        hot = await _against(bench, db, exchange, lambda number: (0, 1 + number % len(members)))
        spread = await _against(
            bench, db, exchange, lambda number: (SUPPLIERS + number % len(members), number % SUPPLIERS), first=SUPPLIERS
        )
        granted = await _granting(bench, db)
    return [
        compared("an order reserved, by transfers from one issuer", "transactions/s", *hot, target=2.0),
        compared("an order reserved, by transfers to 20 suppliers", "transactions/s", *spread, target=1.0),
        compared("a grant to many members, by COPY of its entries", "members/s", *granted),
    ]


async def _against(
    bench: Bench,
    db: Database,
    exchange: Callable[[int], Awaitable[None]],
    accounts: Callable[[int], tuple[int, int]],
    first: int = 1,
) -> tuple[list[float], list[float]]:
    count = bench.scale.requests
    async with bench.own_tables(HOST, *plain_transfers.DDL):
        await plain_transfers.opened(db, first + bench.scale.members, RICH)

        async def plain(number: int) -> None:
            await plain_transfers.transfer(db, *accounts(number), 1)

        return await alternate(
            bench.scale.rounds,
            lambda number: _rate(bench, exchange, range(number * count, (number + 1) * count)),
            lambda number: _rate(bench, plain, range(number * count, (number + 1) * count)),
        )


async def _rate(bench: Bench, work: Callable[[int], Awaitable[None]], numbers: Sequence[int]) -> float:
    """Return how often a second the work is done, by as many workers as there are connections."""
    waiting, began = iter(numbers), time.perf_counter()

    async def worker() -> None:
        for number in waiting:
            await work(number)

    await asyncio.gather(*(worker() for _ in range(bench.scale.connections)))
    return len(numbers) / (time.perf_counter() - began)


async def _reserve(db: Database, token: bytes, product: bytes) -> None:
    """Do what the use case's own statement does once a request is admitted: key, balance, order, lots, units, answer."""
    name, key = secrets.token_bytes(16), secrets.token_bytes(32)
    lines = (PricedLine.model_construct(product=product, units=1, points=1),)
    made = Stored(token, name, "shop", "goods", "reserved", 1, 1, lines, _TODAY, _TODAY)
    answered = point_requests.Answered(sha256(name), "{}")
    async with db.statements("reserve") as tx:
        if await reservations.reserve(tx, Wanted(made, None, key, answered)) != "done":
            raise BenchError("neither points nor units suffice, or a key that was there")


async def _granting(bench: Bench, db: Database) -> tuple[list[float], list[float]]:
    tokens = sorted(secrets.token_bytes(32) for _ in range(bench.scale.requests * GRANTED_A_REQUEST))
    async with bench.own_tables(HOST, _ENTRIES) as connection:

        async def ours(_number: int) -> float:
            began = time.perf_counter()
            issued = await _issue(db, tokens, RICH // 1000)
            if issued != len(tokens):
                raise BenchError("not everybody got points")
            return len(tokens) / (time.perf_counter() - began)

        async def peer(_number: int) -> float:
            run, began = secrets.token_bytes(16), time.perf_counter()
            rows = [(token, run, 1000, "issued", "walk", _TODAY, _LATER, None) for token in tokens]
            await connection.copy_records_to_table("entry", schema_name="bench", columns=_COLUMNS, records=rows)
            return len(tokens) / (time.perf_counter() - began)

        return await alternate(bench.scale.rounds, ours, peer)


async def _issue(db: Database, tokens: Sequence[bytes], points: int, day: date = _TODAY) -> int:
    run, members = secrets.token_bytes(16), 0
    for at in range(0, len(tokens), 5_000):
        async with db.transaction("grant") as tx:
            awards = [(token, points) for token in tokens[at : at + 5_000]]
            members += (await point_ledger.issue(tx, run, "walk", day, _LATER, awards)).members
    return members


@asynccontextmanager
async def _shop(bench: Bench) -> AsyncIterator[tuple[Database, list[bytes], list[bytes]]]:
    """Give as many made-up members as the system has points in three lots, and twenty products units; all of it goes again."""
    db = await Database.open((await bench.system()).owner_urls[HOST], pool_max=bench.scale.connections)
    members = sorted(secrets.token_bytes(32) for _ in range(bench.scale.members))
    products = [secrets.token_bytes(16) for _ in range(SUPPLIERS)]
    try:
        for _ in range(3):
            await _issue(db, members, RICH // 3)
        async with db.transaction("stock") as tx:
            for at, product in enumerate(products):
                said = PutProduct(
                    supplier=f"shop-{at}", kind="goods", title_ja="架空の品", title_en="Thing", points=1, supplied=RICH
                )
                await catalogue.add(tx, product, said)
        yield db, members, products
    finally:
        async with bench.owner(HOST) as owner:
            await owner.execute(f"TRUNCATE {', '.join(_TABLES)}")
        await db.close()


CASE = Case("exchange", "a member reserves an order; the office grants points", run)
