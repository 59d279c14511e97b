"""Requests to addresses that others name: never to a place that only this host can reach. Needs the extra ``outgoing``.

The name is resolved once, every address it has is checked, and the connection goes to the address that was checked. Redirects are
not followed, proxies of the environment not used.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_6TO4 = ipaddress.IPv6Network("2002::/16")


class AddressRefused(Exception):
    """A name leads to a special-use address (RFC 6890) that no network of the configuration holds, or nowhere."""


class GuardedHttp:
    """Posts to public addresses, and to those that the configuration allows."""

    def __init__(self, client: httpx.AsyncClient, allowed: Sequence[Network]) -> None:
        """Wrap a client that follows no redirects and uses no proxy."""
        self._client = client
        self._allowed = tuple(allowed)

    async def post(self, url: str, form: Mapping[str, str]) -> int:
        """Post a form and return the status; raises AddressRefused and httpx's errors."""
        return await self._send(url, {"data": form}, {})

    async def post_bytes(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post these bytes and return the status; raises as `post` does."""
        return await self._send(url, {"content": body}, headers)

    async def _send(self, url: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> int:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = await self._checked(host, port)
        written = f"[{address}]" if address.version == 6 else str(address)
        # TLS still asks for, and checks, the name; nobody can put another address behind it after the check.
        request = self._client.build_request(
            "POST",
            parts._replace(netloc=f"{written}:{port}").geturl(),
            **content,
            # Not used again: two names may share one address.
            headers={**headers, "Host": parts.netloc, "Connection": "close"},
            extensions={"sni_hostname": host},
        )
        response = await self._client.send(request, stream=True, follow_redirects=False)
        await response.aclose()
        return response.status_code

    async def _checked(self, host: str, port: int) -> Address:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise AddressRefused from None
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        # A name with one bad address among good ones is as good as bad: which one is taken is chance.
        if not addresses or not all(self.allows(address) for address in addresses):
            raise AddressRefused
        return addresses[0]

    def allows(self, address: Address) -> bool:
        """Whether a connection may go to an address."""
        if any(address in network for network in self._allowed):
            return True
        inner = _embedded(address)
        if inner is not None:
            return self.allows(inner)
        return address.is_global and not address.is_multicast and not address.is_reserved


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _6TO4:
        return address.sixtofour
    return address.teredo[1] if address.teredo is not None else None
