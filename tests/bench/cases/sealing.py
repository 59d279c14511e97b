"""The daily seal of a store with many members, and how long one of them waits meanwhile for a read and for a write, at most.

Mailboxes are made by SQL, with keys and sealed numbers of their real sizes. The peer writes the same rows once, in random order.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import httpx
from local import seal
from protocol import proof
from protocol.messages.records import PutVitals, Vital
from protocol.proof import HEADER

from bench.case import Case
from bench.figure import Figure
from bench.harness import Bench
from bench.readers import HOST, Member, claimed

_RANDOM = "(SELECT string_agg(sha256(convert_to(n || '.' || part || '.{0}', 'UTF8')), '') FROM generate_series(1, {1}) part)"
_FILL = f"""
    INSERT INTO mailbox (token, claim_key, mailbox_key, number)
    SELECT sha256(int4send(n)), sha256(int4send(-n)),
        substr({_RANDOM.format("key", 38)}, 1, 1216), substr({_RANDOM.format("number", 53)}, 1, 1670)
    FROM generate_series(1, $1::integer) n
"""
_REST = (
    "INSERT INTO reader_key (token, jkt) SELECT sha256(int4send(n)), sha256(int4send(n)) FROM generate_series(1, $1::integer) n",
    """
    INSERT INTO person (token, sex, birth_year, relation, workplace)
    SELECT sha256(int4send(n)), 'male', 1980, 'insured', 'bench' FROM generate_series(1, $1::integer) n
    """,
)
_FORGET = "DELETE FROM {0} WHERE token IN (SELECT sha256(int4send(n)) FROM generate_series(1, $1::integer) n)"
_TABLES = ("person", "reader_key", "mailbox")
_ONCE = "CREATE TABLE bench.{0} AS SELECT * FROM public.{0} ORDER BY random()"


async def run(bench: Bench) -> list[Figure]:
    """Fill, seal once, and read and write all the while."""
    members, origin = bench.scale.stored_members, (await bench.deployment()).origins["anon-data"]
    async with claimed(bench) as readers, bench.own_tables(HOST) as connection:
        try:
            for text in (_FILL, *_REST):
                await connection.execute(text, members)
            begun = time.perf_counter()
            for table in _TABLES:
                await connection.execute(_ONCE.format(table))
            once, begun = time.perf_counter() - begun, time.perf_counter()
            asking = [asyncio.create_task(_again_and_again(origin, readers[0], asked)) for asked in (_reading, _writing)]
            await seal.host((await bench.system()).layout, HOST)
            sealed = time.perf_counter() - begun
            for task in asking:
                task.cancel()
            read, written = [max(await task) for task in asking]
        finally:
            for table in _TABLES:
                await connection.execute(_FORGET.format(table), members)
                await connection.execute(f"VACUUM FULL {table}")
    return [
        Figure(f"a seal of {members:,} members, and their rows written once", "s", sealed, once, once / sealed),
        Figure("the longest read during that seal, and the seal", "s", read, sealed, sealed / read),
        Figure("the longest write during that seal, and the seal", "s", written, sealed, sealed / written),
    ]


def _reading(_: int) -> tuple[str, str, bytes]:
    return "GET", "/me/checkups", b""


def _writing(turn: int) -> tuple[str, str, bytes]:
    weight = Vital(day=datetime.now(UTC).date(), kind="body-weight", value=Decimal(60), unit="kg", seq=turn)
    return "PUT", "/me/vitals", PutVitals(items=(weight,)).model_dump_json().encode()


async def _again_and_again(origin: str, member: Member, asked: Callable[[int], tuple[str, str, bytes]]) -> list[float]:
    """Ask until cancelled; return how long it took each time until it was answered, refusals included."""
    waits: list[float] = []
    async with httpx.AsyncClient(timeout=600) as http:
        with suppress(asyncio.CancelledError):
            for turn in count(1):
                method, path, body = asked(turn)
                begun = time.perf_counter()
                try:
                    while not await _answered(http, origin, member, method, path, body):
                        await asyncio.sleep(0.05)
                finally:
                    waits.append(time.perf_counter() - begun)
    return waits


async def _answered(http: httpx.AsyncClient, origin: str, member: Member, method: str, path: str, body: bytes) -> bool:
    made = proof.make(member.key, method, f"{origin}{path}", member.token, body, int(time.time()))
    headers = {HEADER: made, "Content-Type": "application/json"}
    return (await http.request(method, f"{origin}{path}", headers=headers, content=body)).is_success


CASE = Case("seal", "a store with many members is sealed while one of them reads and writes", run)
