"""The unavoidable work of a ranking: the proof verified and its identifier consumed, one text found by its key."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from protocol import proof
from protocol.encoding import sha256, unb64u

from bench.peer_app import Answer, Headers, Settings, pool_of
from bench.peers import record_page

DDL = (*record_page.DDL, "CREATE TABLE bench.page (contest bytea PRIMARY KEY, content text NOT NULL)")
_ONCE = "INSERT INTO bench.once (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING true"
_PUT = "INSERT INTO bench.page (contest, content) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_PAGE = "SELECT content FROM bench.page WHERE contest = $1"


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Answer]:
    """Take ``method``, ``url``, ``contest`` (base64url) and ``answer_bytes``."""
    method, url = settings["method"], settings["url"]
    async with pool_of(settings) as pool:
        await pool.execute(_PUT, unb64u(settings["contest"]), " " * int(settings["answer_bytes"]))

        async def answer(headers: Headers, body: bytes) -> bytes:
            made = proof.check(headers[b"warifu-proof"].decode(), method, url, body, int(time.time()))
            async with pool.acquire() as connection:
                assert await connection.fetchval(_ONCE, sha256(made.jkt, made.jti.encode()))
                content = await connection.fetchval(_PAGE, unb64u(json.loads(body)["contest"]))
            return bytes(content, "utf-8")

        yield answer
