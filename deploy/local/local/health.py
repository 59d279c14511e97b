"""Asks a process whether it is ready, over loopback, without a library."""

import asyncio
import struct
from collections.abc import Awaitable, Callable

from local.layout import Layout

_TIMEOUT_S = 5.0
_PROTOCOL_3_0 = 196608


def http(offset: int, path: str) -> Callable[[Layout], Awaitable[bool]]:
    """Ready when GET `path` answers 200."""

    async def ready(layout: Layout) -> bool:
        request = f"GET {path} HTTP/1.1\r\nHost: localhost:{layout.port(offset)}\r\nConnection: close\r\n\r\n"
        answer = await _ask(layout.port(offset), request.encode("ascii"), 12)
        return answer.startswith(b"HTTP/") and answer.endswith(b" 200")

    return ready


def postgres(offset: int) -> Callable[[Layout], Awaitable[bool]]:
    """Ready when the server asks a stranger for SCRAM authentication: it serves, and it trusts nobody."""

    async def ready(layout: Layout) -> bool:
        parameters = b"user\0warifu_runtime\0database\0postgres\0\0"
        packet = struct.pack("!ii", 8 + len(parameters), _PROTOCOL_3_0) + parameters
        answer = await _ask(layout.port(offset), packet, 9)
        # 'R', length, 10 = AuthenticationSASL (PostgreSQL manual, Message Formats)
        return answer[:1] == b"R" and answer[5:9] == struct.pack("!i", 10)

    return ready


async def _ask(port: int, request: bytes, size: int) -> bytes:
    """Return the first `size` bytes of the answer; empty when nobody answers."""
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                return await reader.readexactly(size)
            finally:
                writer.close()
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        return b""
