"""The unavoidable work of reading a page: the proof verified, its identifier consumed, as many rows selected, as long an answer."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from protocol import proof
from protocol.encoding import sha256

from bench.peer_app import Answer, Headers, Settings, pool_of

DDL = ("CREATE UNLOGGED TABLE bench.once (id bytea PRIMARY KEY)",)
_ONCE = "INSERT INTO bench.once (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING true"

_ROWS = "SELECT exam_date, program, item, value, choice, absent, flag FROM observation WHERE token = $1 ORDER BY 1 DESC, 2, 3"


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Answer]:
    """Take ``method``, ``url`` and ``answer_bytes``."""
    method, url, page = settings["method"], settings["url"], b" " * int(settings["answer_bytes"])
    async with pool_of(settings) as pool:

        async def answer(headers: Headers, body: bytes) -> bytes:
            made = proof.check(headers[b"warifu-proof"].decode(), method, url, body, int(time.time()))
            async with pool.acquire() as connection:
                assert await connection.fetchval(_ONCE, sha256(made.jkt, made.jti.encode()))
                await connection.fetch(_ROWS, made.subject)
            return page

        yield answer
