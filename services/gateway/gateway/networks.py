"""How wrong proofs of one network slow it: then a code has one try a day in place of ten. Nobody is locked out by a neighbour.

A network is the /24 of an IPv4 address or the /56 of an IPv6 address, as the socket says. Where a proxy stands in front, all
members are one network. What is counted stays in memory, in each process for itself, and names nobody.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from authority import Authority
from chassis.clock import Clock
from chassis.deps import state
from fastapi import Depends, Request

MOST_WRONG = 60
"""Wrong proofs of a network, until it is slowed."""
SECONDS_TO_FORGET_ONE = 10
TRIES_WHEN_SLOWED = 1
"""Of one code, from one seal or midnight to the next. A code that nobody guessed at today is still looked at, once."""
MOST_NETWORKS = 10_000
"""Remembered at once; the one that was wrong longest ago goes first."""


def network_of(address: str | None) -> str:
    """Return the network of an address; addresses that are none are one network."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return str(ip_network((found, 24 if found.version == 4 else 56), strict=False))


@dataclass
class _Wrong:
    count: float
    at: int


class Networks:
    """Counts wrong proofs: each is forgotten after a while, one after the other."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self._clock = clock
        self._wrong: OrderedDict[str, _Wrong] = OrderedDict()

    def slowed(self, network: str) -> bool:
        """Whether so many proofs were wrong lately that the network is slowed."""
        return self._count(network) >= MOST_WRONG

    def count(self, network: str) -> None:
        """Count a proof."""
        self._wrong[network] = _Wrong(self._count(network) + 1, self._clock.timestamp())
        self._wrong.move_to_end(network)
        if len(self._wrong) > MOST_NETWORKS:
            self._wrong.popitem(last=False)

    def uncount(self, network: str) -> None:
        """Take a proof back that was right."""
        if known := self._wrong.get(network):
            known.count = max(0.0, known.count - 1)

    def _count(self, network: str) -> float:
        known = self._wrong.get(network)
        return 0.0 if known is None else max(0.0, known.count - (self._clock.timestamp() - known.at) / SECONDS_TO_FORGET_ONE)


@dataclass(frozen=True)
class Pace:
    """How fast the caller's network may try."""

    networks: Networks
    network: str

    @asynccontextmanager
    async def trying(self, authority: Authority) -> AsyncIterator[Authority]:
        """Yield the authority as it judges proofs of this network. A proof counts as wrong unless the block does not raise.

        It is counted first, so that many at one instant are not less than many one after the other.
        """
        slowed = self.networks.slowed(self.network)
        self.networks.count(self.network)
        yield replace(authority, evidence=replace(authority.evidence, tries_per_day=TRIES_WHEN_SLOWED)) if slowed else authority
        self.networks.uncount(self.network)


async def _pace(request: Request, networks: Annotated[Networks, state("networks")]) -> Pace:
    return Pace(networks, network_of(request.client.host if request.client else None))


Paced = Annotated[Pace, Depends(_pace)]
"""Dependency on the pace of the caller's network."""
