"""Deliveries to addresses that applications name: what may be connected to, and that the connection goes where the check was."""

import socket
from ipaddress import ip_address, ip_network

import httpx
import pytest
from chassis.guarded_http import AddressRefused, GuardedHttp
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from support.upstream import listener, listening, origin_of

LOOPBACK = [ip_network("127.0.0.1/32")]

INSIDE = [
    *(
        "127.0.0.1",
        "127.9.9.9",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
    ),
    *(
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
    ),
    *(
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001:db8::1",
        "100::1",
    ),
]


@pytest.mark.parametrize("address", INSIDE)
async def test_special_addresses_are_refused(address: str) -> None:
    """RFC 6890, and IPv6 addresses that lead to them."""
    async with httpx.AsyncClient() as client:
        assert not GuardedHttp(client, []).allows(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "64:ff9b::101:101"])
async def test_public_addresses_are_fine(address: str) -> None:
    """The internet, also through NAT64."""
    async with httpx.AsyncClient() as client:
        assert GuardedHttp(client, []).allows(ip_address(address))


@given(st.ip_addresses())
def test_allowed_networks_allow_no_more(address: object) -> None:
    """A configured network adds its own addresses, and none besides."""
    network = ip_network("10.1.2.0/24")
    client = httpx.AsyncClient()
    before, after = GuardedHttp(client, []), GuardedHttp(client, [network])
    found = ip_address(str(address))
    inner = getattr(found, "ipv4_mapped", None)

    if found not in network and (inner is None or inner not in network) and found not in ip_network("64:ff9b::/96"):
        assert before.allows(found) is after.allows(found)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://2130706433:1/",
        "http://0x7f.1:1/",
        "http://no.such.host.invalid/",
    ],
)
async def test_every_way_of_writing_the_loopback_is_refused(url: str) -> None:
    """What counts is the address that a name resolves to."""
    async with httpx.AsyncClient() as client:
        with pytest.raises(AddressRefused):
            await GuardedHttp(client, []).post(url, {})


async def test_redirects_are_not_followed_and_names_are_kept() -> None:
    """The connection goes to the checked address, the receiver sees the name; a redirect inside is an answer like any other."""
    seen: list[str] = []

    async def receive(request: Request) -> Response:
        seen.append(request.headers["host"])
        return RedirectResponse("http://169.254.169.254/", 307)

    bound = listener()
    origin = origin_of(bound).replace("127.0.0.1", "localhost")
    async with listening(Starlette(routes=[Route("/x", receive, methods=["POST"])]), bound), httpx.AsyncClient() as client:
        status = await GuardedHttp(client, [*LOOPBACK, ip_network("::1/128")]).post(f"{origin}/x", {"a": "b"})

    assert (status, seen) == (307, [origin.removeprefix("http://")])


async def test_one_bad_address_among_good_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which one would be connected to is chance, or an attacker's name server."""
    import asyncio

    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("1.1.1.1", "10.0.0.1")]

    async def both(*_: object, **__: object) -> object:
        return answers

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    async with httpx.AsyncClient() as client:
        with pytest.raises(AddressRefused):
            await GuardedHttp(client, []).post("http://two.example/", {})
