"""The unavoidable work of a background sync: the proof verified and its identifier consumed, two day totals replaced."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from protocol import proof
from protocol.encoding import sha256, unb64u

from bench.peer_app import Answer, Headers, Settings, pool_of
from bench.peers import record_page

DDL = (*record_page.DDL, "CREATE TABLE bench.step_day (LIKE public.step_day_inbox INCLUDING INDEXES)")
_ONCE = "INSERT INTO bench.once (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING true"
_INSERT = (
    "INSERT INTO bench.step_day (token, install, day, steps, manual_steps, seq) "
    "SELECT $1, $2, day, steps, 0, seq FROM unnest($3::date[], $4::integer[], $5::bigint[]) AS given (day, steps, seq) "
    "ON CONFLICT (token, install, day) DO UPDATE SET steps = excluded.steps, seq = excluded.seq WHERE excluded.seq > step_day.seq"
)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Answer]:
    """Take ``method``, ``url`` and ``answer_bytes``."""
    method, url, page = settings["method"], settings["url"], b" " * int(settings["answer_bytes"])
    async with pool_of(settings) as pool:

        async def answer(headers: Headers, body: bytes) -> bytes:
            made = proof.check(headers[b"warifu-proof"].decode(), method, url, body, int(time.time()))
            said = json.loads(body)
            items = said["items"]
            days = [date.fromisoformat(item["day"]) for item in items]
            columns = (days, *([item[name] for item in items] for name in ("steps", "seq")))
            async with pool.acquire() as connection, connection.transaction():
                assert await connection.fetchval(_ONCE, sha256(made.jkt, made.jti.encode()))
                await connection.execute(_INSERT, made.subject, unb64u(said["install"]), *columns)
            return page

        yield answer
