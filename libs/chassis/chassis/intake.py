"""What stands between the wire and the routes: limits of size and time, strict JSON, answers' headers, a net for unexpected errors.

Plain ASGI middlewares: Starlette's BaseHTTPMiddleware runs each request in a second task.
"""

import asyncio
import json
from collections.abc import Collection
from email.message import Message as Header
from functools import lru_cache
from typing import Any, ClassVar

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.logs import frames
from chassis.problems import Internal, Malformed, Problem, TooLarge, TooSlow, response

BODY_LIMIT = 16 * 1024 * 1024
BODY_PATIENCE_S = 30.0
PARSED = "chassis.json"
"""Where a request's scope holds its JSON body, parsed."""
_log = structlog.get_logger("chassis.requests")


class Guard:
    """Read the body up to a limit, refuse what is not strict JSON, and answer unexpected errors with ``internal``.

    Strict JSON (RFC 8259 and RFC 7493): UTF-8, no duplicate names, no NaN or Infinity, no lone surrogates, no U+0000 (which
    PostgreSQL's text cannot hold).
    """

    def __init__(
        self,
        app: ASGIApp,
        limit: int = BODY_LIMIT,
        patience_s: float = BODY_PATIENCE_S,
        unread: Collection[tuple[str, str]] = (),
    ) -> None:
        """Wrap an application; the limit is in bytes. A body that takes longer than ``patience_s`` to arrive is refused.

        Bodies of ``unread``, by method and path, are left to the routes, which parse them themselves.
        """
        self._unread = frozenset(unread)
        self._app = app
        self._limit = limit
        self._patience_s = patience_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            try:
                body = await self._body(scope, receive)
            except Problem as problem:
                await response(problem, scope)(scope, receive, watched)
                return
            await self._app(scope, body, watched)
        except Exception as error:  # noqa: BLE001  # the net under every route
            # Nothing goes on to the server, which would log the error's text. Frames and class say enough, without values.
            _log.error("request_failed", error=type(error).__name__, frames=frames(error))
            if not started:
                await response(Internal(), scope)(scope, receive, watched)

    async def _body(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        if b"%00" in scope.get("raw_path", b"") or b"%00" in scope["query_string"]:
            raise Malformed(errors=[{"location": ["path"], "error": "nul"}])
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > self._limit:
            raise TooLarge(limit=self._limit, headers={"Connection": "close"})
        if announced == "0" and "transfer-encoding" not in headers:
            return receive
        try:
            # Whoever sends slowly takes up the place of others (see `chassis.limits`).
            async with asyncio.timeout(self._patience_s):
                body = await self._read(receive)
        except TimeoutError:
            raise TooSlow(headers={"Connection": "close"}) from None
        if body and _is_json(headers.get("content-type", "")) and (scope["method"], scope["path"]) not in self._unread:
            scope[PARSED] = _parsed(body)
        return _Replay(body, receive)

    async def _read(self, receive: Receive) -> bytes:
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limit:
                raise TooLarge(limit=self._limit, headers={"Connection": "close"})
        return bytes(body)


class _Replay:
    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


@lru_cache(maxsize=64)
def _is_json(content_type: str) -> bool:
    # Word for word as FastAPI decides whether to read a body as JSON, so that it reads none that was not checked.
    header = Header()
    header["content-type"] = content_type
    subtype = header.get_content_subtype()
    return header.get_content_maintype() == "application" and (subtype == "json" or subtype.endswith("+json"))


def _parsed(body: bytes) -> Any:
    try:
        value = _DECODER.decode(body.decode())
        if b"\\u" in body:
            _check_texts(value)
    except (ValueError, RecursionError):
        raise Malformed(errors=[{"location": ["body"], "error": "json_invalid"}]) from None
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError
    return names


def _refuse(_constant: str) -> Any:
    raise ValueError


# Made once: json.loads makes a decoder for each text.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse)


def _check_texts(value: Any) -> None:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            item.encode()  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
            if "\0" in item:
                raise ValueError
        elif isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


class AnswerHeaders:
    """Give every answer the headers of an API whose answers are private, unless the route set its own."""

    _HEADERS: ClassVar = (
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    )

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(header for header in self._HEADERS if header[0] not in own)]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
