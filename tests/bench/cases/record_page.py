"""A member's page: ``GET /me/checkups`` and ``PUT /me/vitals`` against bare endpoints that verify the same proofs."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from protocol.messages.records import PutVitals, Vital

from bench.case import Case
from bench.figure import Figure, compared
from bench.harness import Bench
from bench.load import Measured
from bench.peers import record_page, vitals
from bench.readers import HOST, Member, claimed
from bench.rounds import alternate

Make = Callable[[int, int], bytes]
"""Takes the number of the round and of the request in it, and returns the request."""


async def run(bench: Bench) -> list[Figure]:
    """Measure reading, then writing."""
    origin = (await bench.deployment()).origins["anon-data"]
    async with claimed(bench) as members:

        def read(_round: int, number: int) -> bytes:
            return _member(members, number).request(origin, "GET", "/me/checkups")

        def write(round_: int, number: int) -> bytes:
            return _member(members, number).request(origin, "PUT", "/me/vitals", _vital(members, round_, number))

        reading = await _against(bench, "record_page", record_page.DDL, read, url=f"{origin}/me/checkups", method="GET")
        writing = await _against(bench, "vitals", vitals.DDL, write, url=f"{origin}/me/vitals", method="PUT")
    return [
        *_figures("record page (GET /me/checkups)", reading, target=0.7),
        *_figures("a value measured at home (PUT /me/vitals)", writing, target=0.7),
    ]


async def _against(
    bench: Bench, peer: str, ddl: Sequence[str], make: Make, **settings: str
) -> tuple[list[Measured], list[Measured]]:
    ours, count = await bench.ours(HOST), bench.scale.requests
    page = await bench.load(ours, [make(-1, number) for number in range(min(count, 100))])
    async with bench.own_tables(HOST, *ddl), bench.peer(peer, HOST, answer_bytes=round(page.body_bytes), **settings) as bare:

        async def our_turn(number: int) -> Measured:
            return await bench.load(ours, [make(number, at) for at in range(count)])

        async def peer_turn(number: int) -> Measured:
            return await bench.load(bare, [make(number, at) for at in range(count)])

        return await alternate(bench.scale.rounds, our_turn, peer_turn)


def _figures(name: str, sides: tuple[list[Measured], list[Measured]], target: float) -> list[Figure]:
    ours, peer = sides
    return [
        compared(name, "requests/s", [one.rate for one in ours], [one.rate for one in peer], target=target),
        compared(f"{name}: CPU", "ms/request", [one.cpu_ms for one in ours], [one.cpu_ms for one in peer], better="less"),
    ]


def _member(members: Sequence[Member], number: int) -> Member:
    return members[number % len(members)]


def _vital(members: Sequence[Member], round_: int, number: int) -> bytes:
    """Return one value: each member's requests of a round are for different days, and each round is newer than the one before."""
    day = datetime.now(UTC).date() - timedelta(days=number // len(members))
    value = Decimal(450 + (number + round_) % 400) / 10
    items = (Vital(day=day, kind="body-weight", value=value, unit="kg", seq=round_ + 1),)
    return PutVitals(items=items).model_dump_json().encode()


CASE = Case("record-page", "a member reads their checkups and writes one value", run)
