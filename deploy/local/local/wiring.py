"""Separate networks on one machine: a star of cables around a router that passes the documented paths on, and nothing else.

Each place of `deploy/paths.toml` is a network of its own with one cable to the router, which is a network in which nobody lives:
whoever takes a place over cannot touch it. It keeps no state: its routing policy (ip-rule(8)) names, for each path, the call by its
port and the answer by that port and one of the caller's ephemeral ports, on which nobody listens.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from local import namespaces, paths, spawn
from local.errors import NoNamespaces
from local.layout import Layout
from local.paths import Paths, Route, name_of

OWN_PLACE: Final = "devices"
"""Where the supervisor is, and with it whoever uses the deployment as a member."""
_ROUTER: Final = "router"
_EPHEMERAL: Final = "32768-60999"
"""Linux's own default of ip_local_port_range, and no port of any service."""
_OPEN: Final = 1000
"""Preference of the rules that pass something on: the others come after them."""
_SETTINGS: Final = {"net/ipv6/conf/all/disable_ipv6": "1", "net/ipv6/conf/default/disable_ipv6": "1"}
_ROUTER_SETTINGS: Final = {**_SETTINGS, "net/ipv4/ip_forward": "1", "net/ipv4/conf/all/rp_filter": "1"}


async def lay(layout: Layout, known: Paths | None = None) -> None:
    """Make the networks, the cables and the names; needs `namespaces.enter`. Raises NoNamespaces, StepFailed."""
    if shutil.which("ip") is None:
        raise NoNamespaces("Separate networks need the program ip: install iproute2")
    known = known or paths.documented()
    layout.networks.mkdir(mode=0o700, exist_ok=True)
    _name_everything(layout, known)
    namespaces.keep_own_network(layout.networks / OWN_PLACE)
    router = layout.networks / _ROUTER
    for place in (_ROUTER, *known.places):
        if place != OWN_PLACE:
            namespaces.make_network(layout.networks / place)
    await _set(router, _ROUTER_SETTINGS)
    for place in known.places:
        await _set(layout.networks / place, _SETTINGS)
    await _ip(router, cables(layout, known), "laying cables")
    for place in known.places:
        await _ip(layout.networks / place, own_end(known, place), f"connecting {place}")
    await _ip(router, policy(known), "closing what is not documented")


def cables(layout: Layout, known: Paths) -> Iterator[str]:
    """Yield what the router does to have a cable to every place."""
    yield "link set lo up"
    for number, place in enumerate(known.places):
        yield f"link add c{number} type veth peer name cable netns {layout.networks / place}"
        yield f"addr add {known.gate(place)}/31 dev c{number}"
        yield f"link set c{number} up"


def own_end(known: Paths, place: str) -> Iterator[str]:
    """Yield what a place does with its end of the cable: all that is not its own goes to the router."""
    yield "link set lo up"
    yield f"addr add {known.address(place)}/31 dev cable"
    yield "link set cable up"
    yield f"route add default via {known.gate(place)}"


def policy(known: Paths) -> Iterator[str]:
    """Yield what makes the router pass the documented paths on and refuse the rest."""
    for route in sorted(known.routes):
        yield from opening(known, route)
    # What the router itself says: that something is prohibited.
    yield f"rule add pref {_OPEN + 1} iif lo lookup main"
    yield f"rule add pref {_OPEN + 2} prohibit"
    yield "rule del pref 32766"
    yield "rule del pref 32767"


def opening(known: Paths, route: Route) -> Iterator[str]:
    """Yield what opens one path: the rule for its calls, and the rule for their answers."""
    caller, callee = known.address(route.caller), known.address(route.callee)
    there, here = known.places.index(route.caller), known.places.index(route.callee)
    call = f"iif c{there} from {caller} to {callee} ipproto tcp dport {route.port}"
    answer = f"iif c{here} from {callee} to {caller} ipproto tcp sport {route.port} dport {_EPHEMERAL}"
    yield f"rule add pref {_OPEN} {call} lookup main"
    yield f"rule add pref {_OPEN} {answer} lookup main"


def _name_everything(layout: Layout, known: Paths) -> None:
    """Write the names once for all networks: there is no name server to ask, and none to tell who asks."""
    lines = ["127.0.0.1 localhost", *(f"{known.address(place)} {name_of(place)}" for place in known.places)]
    hosts = layout.networks / "hosts"
    hosts.write_text("\n".join(lines) + "\n", encoding="ascii")
    hosts.chmod(0o644)
    namespaces.cover(Path("/etc/hosts"), hosts)


async def _ip(network: Path, commands: Iterator[str], what: str) -> None:
    await spawn.run(["ip", "-batch", "-"], what=what, stdin="\n".join(commands) + "\n", network=network)


async def _set(network: Path, settings: dict[str, str]) -> None:
    """Change settings of a network: /proc/sys shows everybody their own."""
    script = "\n".join(f"[ ! -e /proc/sys/{name} ] || echo {value} > /proc/sys/{name}" for name, value in settings.items())
    await spawn.run(["sh", "-e"], what="settings of a network", stdin=script, network=network)
