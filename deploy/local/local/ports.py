"""Tells before anything starts which ports are taken, who wanted them and how to choose others."""

import errno
import socket
from collections.abc import Mapping

from local.errors import PortsTaken

_LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of either loopback address.

    `::1` counts too: `localhost` may resolve to it first, and then somebody else would answer for us.
    """
    for family, address in _LOOPBACKS:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            # No IPv6 here: then nobody can be in the way there.
    return True


def require_free(wanted: Mapping[str, int], base_port: int, *, settled: bool) -> None:
    """Raise PortsTaken naming every taken port and the process that wanted it; a settled home cannot move to others."""
    taken = {name: port for name, port in wanted.items() if not is_free(port)}
    if not taken:
        return
    lines = [f"  port {port} is taken; {name} wants it" for name, port in taken.items()]
    hint = f"Stop what listens there, or choose other ports: make demo BASE_PORT={_elsewhere(base_port)}"
    if settled:  # its keys are pinned together with its origins
        hint += f" WARIFU_HOME=.warifu-{_elsewhere(base_port)}"
    raise PortsTaken("\n".join(["Nothing was started.", *lines, hint]))


def _elsewhere(base_port: int) -> int:
    other = base_port + 10_000
    return other if other < 60_000 else 18_100
