"""A host that says when to ask again is asked again, a few times and soon."""

import asyncio
from dataclasses import dataclass, field

import httpx
import pytest
import warifu
from protocol.encoding import b64u
from protocol.jose import generate_p256, scalar_of
from protocol.names import HOSTS
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from starlette.types import Receive, Scope, Send
from warifu._following import published
from warifu._stores import Store
from warifu._wire import Wire


@dataclass
class Host:
    """Refuses as told, then answers; keeps the proofs that it was shown."""

    refusals: list[tuple[int, str | None]]
    proofs: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.proofs.append(httpx.Headers(scope["headers"]).get("proof", ""))
        status, after = self.refusals.pop(0) if self.refusals else (200, None)
        headers = [] if after is None else [(b"retry-after", after.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"type":"busy"}'})

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def ask(self, world: World) -> httpx.Response:
        """Send one request with a proof of its own for each try."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self)) as http:
            wire = Wire(http, world.deployment, world.clock, self.pause)
            tries = iter(range(9))
            return await wire.send("programs", "GET", "/x", headers=lambda: {"proof": b64u(bytes([next(tries)]))})


@pytest.mark.parametrize("status", [429, 503])
async def test_asked_again_after_the_pause(world: World, status: int) -> None:
    """It pauses as the host says, and shows a new proof each time."""
    host = Host([(status, "2"), (status, "0")])
    answer = await host.ask(world)

    assert (answer.status_code, host.pauses, len(set(host.proofs))) == (200, [2, 0], 3)


@pytest.mark.parametrize(
    ("refusals", "error", "asked"),
    [
        ([(503, "1")] * 9, "programs is not available", 3),
        ([(429, "1")] * 9, "programs refused: busy (429)", 3),
        ([(503, None)], "programs is not available", 1),
        ([(503, "6")], "programs is not available", 1),
        ([(503, "-1")], "programs is not available", 1),
        ([(503, "Fri, 20 Nov 2026 03:00:00 GMT")], "programs is not available", 1),
        ([(429, None)], "programs refused: busy (429)", 1),
        ([(500, "1")], "programs is not available", 1),
        ([(409, "1")], "programs refused: busy (409)", 1),
    ],
)
async def test_patience_ends(world: World, refusals: list[tuple[int, str | None]], error: str, asked: int) -> None:
    """It gives up after two more tries, and at once when the host asks for long, for no time, or refuses otherwise."""
    host = Host(refusals)
    with pytest.raises(warifu.WarifuError) as caught:
        await host.ask(world)

    assert (str(caught.value), len(host.proofs)) == (error, asked)


async def test_a_session_survives_busy_hosts(world: World, sign_in: SignIn) -> None:
    """Signing in, reading and logging off go on though every host is busy at first: each try has a proof of its own."""
    world.faults.busy = dict.fromkeys(HOSTS, 2)
    session = await sign_in()
    world.faults.busy = dict.fromkeys(HOSTS, 2)
    records = await session.checkups()
    await session.log_off()

    # At a log-off nothing is asked of programs.
    assert (records.checkups, [host for host, left in world.faults.busy.items() if left]) == ((), ["programs"])


async def test_waited_for_as_long_as_is_said(world: World) -> None:
    """Half a minute, or what is said: a run over all members takes longer."""
    waited = []

    def answer(request: httpx.Request) -> httpx.Response:
        waited.append(request.extensions["timeout"]["read"])
        return httpx.Response(200)

    async with warifu._wire.http_client() as client:
        client._transport = httpx.MockTransport(answer)
        wire = Wire(client, world.deployment, world.clock)
        for patience in (None, 1800):
            await wire.send("programs", "POST", "/x", headers=dict, patience_s=patience)

    assert waited == [30, 1800]


async def test_a_listener_outlasts_a_host_that_fails(world: World) -> None:
    """Who waits for a ranking listens again while programs fails, and is told when it refuses."""
    host = Host([(500, None), (503, None), (404, None)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(host)) as http:
        wire = Wire(http, world.deployment, world.clock, host.pause)
        store = Store(wire, "programs", world.seeds["programs"], scalar_of(generate_p256()))
        with pytest.raises(warifu.HostRefused) as caught:
            await anext(published(store, bytes(16)))

    assert (caught.value.status, host.pauses) == (404, [5, 5])


async def test_a_session_that_may_not_listen(world: World, sign_in: SignIn) -> None:
    """A contest that is not there is told at once, and not listened for again and again."""
    session = await sign_in()
    world.faults.refusals[f"/contests/{b64u(bytes(16))}/events"] = (404, "contest-unknown")
    with pytest.raises(warifu.HostRefused) as caught:
        async with asyncio.timeout(5):
            await anext(session.follow_ranking(bytes(16)))

    assert caught.value.type == "contest-unknown"
