"""How much a service does at a time: what is more waits for a moment, and is then told when to come back.

Without a bound every request of a rush is begun, all of them wait for the same few database connections, and none is answered
before its caller has given up. Plain ASGI, and outside of whatever reads a body.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.problems import Busy, response

PER_CONNECTION = 4
"""Requests in flight for one database connection by default: while one of them is in the database the others are parsed,
verified and sent."""
WAITING_PER_TURN = 4
PATIENCE_S = 1.0
LONGEST_RETRY_S = 4
EXEMPT = "/health/"
_STREAM = b"text/event-stream"


@dataclass(frozen=True)
class Limits:
    """Bounds of one process."""

    in_flight: int
    """Requests being answered at a time."""
    waiting: int
    """Requests that wait for their turn, in the order in which they came."""
    patience_s: float = PATIENCE_S
    """How long each of them waits, in seconds."""

    @classmethod
    def of(cls, max_in_flight: int | None, pool_max: int) -> "Limits":
        """Return the configured bounds, or those that fit a pool of this many connections."""
        in_flight = max_in_flight or pool_max * PER_CONNECTION
        return cls(in_flight, in_flight * WAITING_PER_TURN)


class _Turn:
    """One request's turn, which ends once."""

    def __init__(self, pass_on: Callable[[], None], send: Send) -> None:
        self._pass_on = pass_on
        self._send = send
        self._ended = False

    async def send(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.start" and any(
            name == b"content-type" and value.startswith(_STREAM) for name, value in message["headers"]
        ):
            self.end()

    def end(self) -> None:
        if not self._ended:
            self._ended = True
            self._pass_on()


class Turnstile:
    """Let a bounded number of requests in, keep a bounded number waiting, and answer the others with ``busy``.

    Health routes pass: a service that has much to do is not dead. A stream of events gives its turn back once it has begun: it
    waits far more than it works, and its service bounds how many there are.
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        """Wrap an application."""
        self._app = app
        self.limits = limits
        self._free = limits.in_flight
        self._queue: deque[asyncio.Future[None]] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(EXEMPT):
            await self._app(scope, receive, send)
            return
        if self._free:
            self._free -= 1
        elif not await self._turn():
            retry_after = str(1 + secrets.randbelow(LONGEST_RETRY_S))  # not all at the same instant again
            await response(Busy(headers={"Retry-After": retry_after}), scope)(scope, receive, send)
            return
        turn = _Turn(self._pass_on, send)
        try:
            await self._app(scope, receive, turn.send)
        finally:
            turn.end()

    async def _turn(self) -> bool:
        if len(self._queue) >= self.limits.waiting:
            return False
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(mine)
        try:
            async with asyncio.timeout(self.limits.patience_s):
                await mine
        except TimeoutError:
            return self._late(mine)
        except asyncio.CancelledError:
            if self._late(mine):
                self._pass_on()
            raise
        return True

    def _late(self, mine: "asyncio.Future[None]") -> bool:
        """Stop waiting; True when the turn came in the same instant."""
        if mine.done() and not mine.cancelled():
            return True
        if mine in self._queue:
            self._queue.remove(mine)
        return False

    def _pass_on(self) -> None:
        """Give the turn to whoever waited longest."""
        while self._queue:
            following = self._queue.popleft()
            if not following.done():
                following.set_result(None)
                return
        self._free += 1
