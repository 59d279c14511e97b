"""The bare application around a peer's one answer: no routing, no validation, no middleware, no log."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg

Settings = Mapping[str, Any]
Headers = Mapping[bytes, bytes]
Answer = Callable[[Headers, bytes], Awaitable[bytes]]
"""Takes the headers (names in lower case) and the body of a request; an exception is a 500."""


@asynccontextmanager
async def pool_of(settings: Settings) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """Open a pool of the same size as a service's, which like it does not reset connections."""
    async with asyncpg.create_pool(settings["database"], min_size=1, max_size=8, reset=_no_reset) as pool:
        yield pool


async def _no_reset(_connection: object) -> None:
    return


class PeerApp:
    """An ASGI application."""

    def __init__(self, opened: Callable[[Settings], AbstractAsyncContextManager[Answer]], settings: Settings) -> None:
        self._opened = opened
        self._settings = settings
        self._answer: Answer | None = None

    async def __call__(
        self, scope: Mapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        if scope["type"] == "lifespan":
            await receive()
            async with self._opened(self._settings) as self._answer:
                await send({"type": "lifespan.startup.complete"})
                await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        assert self._answer is not None
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = await self._answer(dict(scope["headers"]), body)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})
