"""The floor that runs: the registrar, whoever serves the client, and two live hosts that compare times. Measured, not red."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import warifu
from protocol import oprf
from protocol.messages.enrolment import Evaluate, Evaluated
from protocol.names import AUTHORITIES, STORES, HostName
from protocol.tokens import TokenSeed

from drill.criteria import Outcome, exact, guess
from drill.people import Someone
from drill.truth import Truth
from drill.world import World

_NUMBERS = 20
_VISITORS = 4
_TOGETHER = 2
"""How many members are at the portal at the same time."""


async def registrar(world: World, truth: Truth) -> Outcome:
    """Compute the tokens of members anew in a window in which checkups may be sent."""
    persons = truth.persons[:_NUMBERS]
    workstation = world.workstation
    window = await workstation.open("ingest", AUTHORITIES, quotas={"member": len(persons)})
    batch = oprf.BlindedBatch([person.number.x for person in persons])
    answers = {}
    for host in AUTHORITIES:
        asked = Evaluate(elements=batch.blinded[host])
        answer = (await workstation.call(window, host, "/evaluations", asked)).raise_for_status()
        answers[host] = Evaluated.model_validate_json(answer.content).answer
    keys = {host: world.deployment.authorities[host].voprf["member"] for host in AUTHORITIES}
    evaluated = batch.finalize(answers, keys, "member")
    right = [
        all(TokenSeed.from_evaluation(y, store).token == person.ids[store] for store in STORES)
        for y, person in zip(evaluated, persons, strict=True)
    ]
    return exact(sum(right), len(right), "members of whom the registrar, in a window, has both tokens")


async def served_client(world: World, truth: Truth) -> Outcome:
    """Let members sign in with code that its server has changed: it keeps what passes through it."""
    taken = 0
    visitors = world.victims(_VISITORS)
    ids = {person.number: person.ids for person in truth.persons}
    for visitor in visitors:
        async with world.signed_in(visitor) as session:
            settled = session._keys().settled
            tokens = {store: settled.held.bundle.seed(store).token for store in STORES}
            named = session.profile.kana in visitor.plaintexts
        taken += named and all(tokens[store] == ids[visitor.number][store] for store in STORES)
    return exact(taken, len(visitors), "members who signed in with served code that keeps keys, and were joined")


@dataclass
class _Arrivals(httpx.AsyncBaseTransport):
    """Notes when a device's requests arrive at gateway and anon-data."""

    origins: Mapping[HostName, str]
    release: float = 0.0
    read: float = 0.0
    _inner: httpx.AsyncHTTPTransport = field(default_factory=httpx.AsyncHTTPTransport)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        if origin == self.origins["gateway"] and request.url.path == "/release":
            self.release = self.release or time.monotonic()
        if origin == self.origins["anon-data"]:
            self.read = self.read or time.monotonic()
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


async def two_live_hosts(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - called alike
    """Let gateway and anon-data compare when a reference was released to and when a token was first read with after that."""
    gate = asyncio.Semaphore(_TOGETHER)
    visitors = world.victims(world.scale.letters)
    chance = random.Random(world.scale.seed)

    async def visit(visitor: Someone) -> _Arrivals:
        arrivals = _Arrivals(world.deployment.origins)
        await asyncio.sleep(chance.random() * len(visitors))
        async with gate, _device(world, visitor, arrivals) as session:
            await session.checkups()
        return arrivals

    seen = await asyncio.gather(*(visit(one) for one in visitors))
    hits = sum(_guessed(one, seen) is one for one in seen)
    return guess(hits, [1 / len(seen)] * len(seen))


def _guessed(one: _Arrivals, seen: Sequence[_Arrivals]) -> _Arrivals:
    """Return whose reading the attacker takes for that of the member who was released to: the next one."""
    after = [other for other in seen if other.read > one.release]
    return min(after, key=lambda other: other.read)


@asynccontextmanager
async def _device(world: World, visitor: Someone, arrivals: _Arrivals) -> AsyncIterator[warifu.MemberSession]:
    way = world.wallets[visitor.number].way()
    async with (
        httpx.AsyncClient(transport=arrivals) as http,
        warifu.Client(world.deployment, http=http) as client,
        await client.sign_in(way) as session,
    ):
        yield session


FLOORS = (
    ("registrar in a window", "registrar", registrar),
    ("served client code", "portal", served_client),
    ("times of two hosts", "gateway+anon-data", two_live_hosts),
)
"""Name, who is in the attacker's hands, and what they do."""
