"""The daily seal of a store with many members, and what one of them feels meanwhile: how long a read of theirs takes at most.

Mailboxes are made by SQL, with keys and sealed numbers of their real sizes. The peer writes the same rows once, in random order.
"""

import asyncio
import time
from contextlib import suppress

import httpx
from local import seal
from protocol import proof
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
    """Fill, seal once, and read all the while."""
    members, origin = bench.scale.stored_members, (await bench.deployment()).origins["anon-data"]
    async with claimed(bench) as readers, bench.own_tables(HOST) as connection:
        try:
            for text in (_FILL, *_REST):
                await connection.execute(text, members)
            begun = time.perf_counter()
            for table in _TABLES:
                await connection.execute(_ONCE.format(table))
            once, begun = time.perf_counter() - begun, time.perf_counter()
            reading = asyncio.create_task(_reads(origin, readers[0]))
            await seal.host((await bench.system()).layout, HOST)
            sealed = time.perf_counter() - begun
            reading.cancel()
            longest = max(await reading)
        finally:
            for table in _TABLES:
                await connection.execute(_FORGET.format(table), members)
                await connection.execute(f"VACUUM FULL {table}")
    return [
        Figure(f"a seal of {members:,} members, and their rows written once", "s", sealed, once, once / sealed),
        Figure("the longest read during that seal, and the seal", "s", longest, sealed, sealed / longest),
    ]


async def _reads(origin: str, member: Member) -> list[float]:
    """Read again and again until cancelled; return how long each read took until it was answered, refusals included."""
    waits: list[float] = []
    async with httpx.AsyncClient(timeout=600) as http:
        with suppress(asyncio.CancelledError):
            while True:
                begun = time.perf_counter()
                try:
                    while not await _read(http, origin, member):
                        await asyncio.sleep(0.05)
                finally:
                    waits.append(time.perf_counter() - begun)
    return waits


async def _read(http: httpx.AsyncClient, origin: str, member: Member) -> bool:
    made = proof.make(member.key, "GET", f"{origin}/me/checkups", member.token, b"", int(time.time()))
    return (await http.get(f"{origin}/me/checkups", headers={HEADER: made})).is_success


CASE = Case("seal", "a store with many members is sealed while one of them reads", run)
