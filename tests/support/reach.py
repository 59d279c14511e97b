"""Tries from inside networks what can be reached: a refusal counts as much as an answer, because the call arrived."""

import asyncio
import resource
import socket
from collections.abc import Iterable

from local import namespaces
from local.layout import HOSTS, Layout
from local.paths import Paths, Route

_PATIENCE_S = 4.0
_ELSEWHERE = {"the internet": "192.0.2.1", "the machine's own network": "10.77.255.1"}
_COMMON_PORTS = (22, 53, 443, 5432)


async def reached(layout: Layout, known: Paths, *, source_port: int | None = None) -> frozenset[Route]:
    """Return every connection that arrives, tried from every place at all ports that anything here listens on, and a few more.

    With a `source_port` the calls come from that port, as those do of somebody who wants them to look like answers.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    ports = sorted({*known.ports.values(), *(layout.database_port(host) for host in HOSTS), *_COMMON_PORTS})

    async def try_all(caller: str) -> list[Route]:
        targets = {place: known.address(place) for place in known.places if place != caller}
        gates = {f"the router by {place}": known.gate(place) for place in known.places}
        tries = [
            _arrives(Route(caller, name, port), address, source_port)
            for name, address in {**targets, **gates, **_ELSEWHERE}.items()
            for port in ports
        ]
        return [route for route in await asyncio.gather(*tries) if route]

    def inside(caller: str) -> asyncio.Future[list[Route]]:
        network = layout.network(caller)
        assert network is not None
        return asyncio.ensure_future(namespaces.run_in(network, lambda: try_all(caller)))

    found = await asyncio.gather(*(inside(caller) for caller in known.places))
    return frozenset(route for routes in found for route in routes if not _own_gate(route))


def told(routes: Iterable[Route]) -> list[list[str | int]]:
    """Return routes as JSON carries them."""
    return [[route.caller, route.callee, route.port] for route in sorted(routes)]


async def _arrives(route: Route, address: str, source_port: int | None) -> Route | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as caller:
        caller.setblocking(False)
        if source_port is not None:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            caller.bind(("", source_port))
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await asyncio.get_running_loop().sock_connect(caller, (address, route.port))
        except ConnectionRefusedError:
            return route
        except (OSError, TimeoutError):
            return None
    return route


def _own_gate(route: Route) -> bool:
    """Whether this is the router's own address, where nobody listens: it refuses, and passes nothing on."""
    return route.callee.startswith("the router by ")
