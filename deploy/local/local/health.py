"""Asks a process whether it is ready, over loopback, without a library."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

from local import namespaces
from local.layout import Layout, Site

_TIMEOUT_S = 5.0
_PROTOCOL_3_0 = 196608


def http(offset: int, path: str, place: str | None = None) -> Callable[[Layout], Awaitable[bool]]:
    """Ready when GET `path` answers 200, at a port above the base port or, where it is named, at a place of `deploy/paths.toml`."""

    async def ready(layout: Layout) -> bool:
        site = layout.site(place) if place else Site("localhost", "127.0.0.1", layout.port(offset))
        request = f"GET {path} HTTP/1.1\r\nHost: {site.name}:{site.port}\r\nConnection: close\r\n\r\n"
        checks = ssl.create_default_context(cafile=layout.tls_authority) if site.scheme == "https" else None
        answer = await _ask(site, request.encode("ascii"), 12, checks=checks)
        return answer.startswith(b"HTTP/") and answer.endswith(b" 200")

    return ready


def postgres(offset: int, host: str) -> Callable[[Layout], Awaitable[bool]]:
    """Ready when the server asks a stranger for SCRAM authentication: it serves, and it trusts nobody."""

    async def ready(layout: Layout) -> bool:
        parameters = b"user\0warifu_runtime\0database\0postgres\0\0"
        packet = struct.pack("!ii", 8 + len(parameters), _PROTOCOL_3_0) + parameters
        answer = await _ask(Site("localhost", "127.0.0.1", layout.port(offset)), packet, 9, layout.network(host))
        # 'R', length, 10 = AuthenticationSASL (PostgreSQL manual, Message Formats)
        return answer[:1] == b"R" and answer[5:9] == struct.pack("!i", 10)

    return ready


async def _ask(site: Site, request: bytes, size: int, network: Path | None = None, checks: ssl.SSLContext | None = None) -> bytes:
    """Return the first `size` bytes of the answer; empty when nobody answers."""
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(
                sock=await _connected(site.address, site.port, network), ssl=checks, server_hostname=site.name if checks else None
            )
            try:
                writer.write(request)
                return await reader.readexactly(size)
            finally:
                writer.close()
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        return b""


async def _connected(address: str, port: int, network: Path | None) -> socket.socket:
    found = namespaces.socket_in(network) if network else socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        found.setblocking(False)
        await asyncio.get_running_loop().sock_connect(found, (address, port))
    except BaseException:
        found.close()
        raise
    return found
