"""A live keyvault keeps every request that members send, and sends each again: to itself, to the others, while they last and after.

What it may do with evidence is another attack; this one sends what was sent, byte for byte.
"""

from dataclasses import dataclass, field

import httpx
import warifu
from protocol.names import HOSTS, HostName

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.people import Someone
from drill.truth import Truth
from drill.world import World

_VICTIMS = 2
_PROOFS = ("dpop", "warifu-proof")


@dataclass
class _Tap(httpx.AsyncBaseTransport):
    """Notes what a device sends with a proof of its key, and passes it on."""

    sent: list[tuple[str, httpx.Request]] = field(default_factory=list)
    _inner: httpx.AsyncHTTPTransport = field(default_factory=httpx.AsyncHTTPTransport)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        answer = await self._inner.handle_async_request(request)
        if answer.is_success and any(name in request.headers for name in _PROOFS):
            self.sent.append((f"{request.url.scheme}://{request.url.netloc.decode()}", request))
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


async def _again(world: World, request: httpx.Request, host: HostName) -> bool:
    url = world.deployment.origins[host] + request.url.raw_path.decode()
    headers = {name: value for name, value in request.headers.items() if name not in {"host", "content-length"}}
    answer = await world.http.request(request.method, url, content=request.content, headers=headers)
    return answer.is_success


async def _won(world: World, victim: Someone) -> bool:
    """Return whether any host did or said anything on a request that was sent before."""
    tap = _Tap()
    async with httpx.AsyncClient(transport=tap) as http, warifu.Client(world.deployment, http=http) as client:
        session = await client.sign_in(world.wallets[victim.number].way())
        await session.checkups()
        await session.openings()
        seen = list(tap.sent)
        won = [await _again(world, request, host) for _, request in seen for host in HOSTS]
        await session.log_off()
        won += [await _again(world, request, host) for _, request in seen for host in HOSTS]
    return any(won)


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    won = [await _won(world, victim) for victim in world.victims(_VICTIMS)]
    return exact(sum(won), len(won), "members whose requests, sent again, did or told anything")


ATTACK = Live(
    "replay", "Every request of members' devices is sent again, to each host, during the session and after it.", HOSTS, _run
)
