"""How a person is sent to a page and comes back (RFC 8252)."""

import asyncio
import webbrowser
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import parse_qsl, urlsplit

from .errors import SignInFailed

_REQUEST_BYTES = 16_384
_PERSON_SECONDS = 300

_PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>warifu</title><style>body{font:1.125rem/1.8 "Noto Sans JP","Hiragino Sans",Meiryo,sans-serif;color:#1a1a1c;background:#fff;
max-width:32rem;margin:20vh auto;padding:0 1rem}</style></head>
<body><main><h1>手続きを続けています</h1><p>このページは閉じてかまいません。</p>
<p lang="en">You may close this page and return to where you came from.</p></main></body></html>
"""


class UserAgent(Protocol):
    """Opens pages top-level for the person."""

    redirect_uri: str
    """Where providers send the person back to."""

    async def visit(self, url: str) -> Mapping[str, str]:
        """Open ``url`` and return the query parameters that came back at ``redirect_uri``."""
        ...


def open_browser(url: str) -> None:
    """Open the system's browser, or say that there is none."""
    if not webbrowser.open(url):
        raise SignInFailed("no browser could be opened")


class Loopback:
    """The system's browser, answered on the loopback interface (RFC 8252 section 7.3): ``async with Loopback() as agent``.

    It listens on a random port of 127.0.0.1 and knows one path. ``open_url`` shows the page to the person. A page that was
    already open in the browser can send a wrong answer here; the caller's check of ``state`` turns that into a failed sign-in.
    """

    def __init__(self, open_url: Callable[[str], None] = open_browser, *, person_seconds: float = _PERSON_SECONDS) -> None:
        self._open = open_url
        self._seconds = person_seconds
        self._server: asyncio.Server | None = None
        self._returned: asyncio.Future[Mapping[str, str]] | None = None
        self.redirect_uri = ""

    async def __aenter__(self) -> Self:
        """Start listening."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0, limit=_REQUEST_BYTES)
        port = self._server.sockets[0].getsockname()[1]
        self.redirect_uri = f"http://127.0.0.1:{port}/callback"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def visit(self, url: str) -> Mapping[str, str]:
        """Open ``url`` in the browser and wait for the person to come back."""
        self._returned = asyncio.get_running_loop().create_future()
        await asyncio.to_thread(self._open, url)
        try:
            return await asyncio.wait_for(self._returned, self._seconds)
        except TimeoutError as error:
            raise SignInFailed("nobody came back from the sign-in page") from error
        finally:
            self._returned = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            status, body = self._take(head.split(b"\r\n", 1)[0].decode("ascii", "replace"))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            status, body = "400 Bad Request", b""
        headers = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n"
            "Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
        )
        writer.write(headers.encode() + body)
        try:
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _take(self, request_line: str) -> tuple[str, bytes]:
        method, _, rest = request_line.partition(" ")
        target = urlsplit(rest.rpartition(" ")[0])
        if target.path != "/callback":
            return "404 Not Found", b""
        if method != "GET":
            return "405 Method Not Allowed", b""
        if self._returned is None or self._returned.done():
            return "409 Conflict", b""
        pairs = parse_qsl(target.query, keep_blank_values=True)
        if len(dict(pairs)) != len(pairs):
            return "400 Bad Request", b""
        self._returned.set_result(dict(pairs))
        return "200 OK", _PAGE.encode()
