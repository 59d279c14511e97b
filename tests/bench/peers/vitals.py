"""The unavoidable work of a member's write at a store: the proof verified, its identifier consumed, one row inserted."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal

from protocol import proof
from protocol.encoding import sha256

from bench.peer_app import Answer, Headers, Settings, pool_of
from bench.peers import record_page

DDL = (*record_page.DDL, "CREATE TABLE bench.vital (LIKE public.vital_inbox INCLUDING INDEXES)")
_ONCE = "INSERT INTO bench.once (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING true"
_INSERT = (
    "INSERT INTO bench.vital (token, day, kind, value, seq, source) VALUES ($1, $2, 1, $3, $4, 1) "
    "ON CONFLICT (token, day, kind) DO UPDATE SET value = excluded.value, seq = excluded.seq WHERE excluded.seq > vital.seq"
)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Answer]:
    """Take ``method``, ``url`` and ``answer_bytes``."""
    method, url, page = settings["method"], settings["url"], b" " * int(settings["answer_bytes"])
    async with pool_of(settings) as pool:

        async def answer(headers: Headers, body: bytes) -> bytes:
            made = proof.check(headers[b"warifu-proof"].decode(), method, url, body, int(time.time()))
            item = json.loads(body)["items"][0]
            async with pool.acquire() as connection, connection.transaction():
                assert await connection.fetchval(_ONCE, sha256(made.jkt, made.jti.encode()))
                day, value = date.fromisoformat(item["day"]), Decimal(item["value"])
                await connection.execute(_INSERT, made.subject, day, value, item["seq"])
            return page

        yield answer
