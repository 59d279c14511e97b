"""A service that has more to do than it can: it says so at once, and loses nothing of what it began."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.app import create_app
from chassis.config import load_config
from chassis.intake import Guard
from chassis.limits import Limits, Turnstile
from starlette.types import Message, Receive, Scope, Send
from support.sample_process import migrate, served
from support.sample_service import SERVICE, SampleConfig

SCOPE: Scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "headers": [(b"content-length", b"5")]}


def _limited(config: Path, most: int) -> None:
    config.write_text(f"max_in_flight = {most}\n" + config.read_text(encoding="utf-8"), encoding="utf-8")


async def _no_body() -> Message:
    """Fail the test: whoever is refused is refused before the body is read."""
    raise AssertionError


class Gate:
    """An application that answers when it is told to, and counts how many it is answering."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.inside = self.most = self.served = 0

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await self.open.wait()
            self.served += 1
            await send({"type": "http.response.start", "status": 204, "headers": []})
        finally:
            self.inside -= 1


async def _ask(turnstile: Turnstile, path: str = "/x") -> tuple[int, str | None]:
    """Send one request; return status and Retry-After."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await turnstile({**SCOPE, "path": path}, _no_body, send)
    headers = httpx.Headers(sent[0]["headers"])
    return sent[0]["status"], headers.get("retry-after")


async def test_overload_of_a_real_server(config: Path, port: int) -> None:
    """A rush gets either its answer or 503 busy, health answers meanwhile, and afterwards everybody is served again."""
    _limited(config, 2)
    await asyncio.to_thread(migrate, config)
    with served(config, port) as (_, _client):
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30) as client:
            rush = [asyncio.create_task(client.get("/shelves/slow")) for _ in range(60)]
            await asyncio.sleep(0.3)
            health = [(await client.get(f"/health/{name}")).status_code for name in ("live", "ready")]
            unfinished = sum(not task.done() for task in rush)
            answers = await asyncio.gather(*rush)
            later = [(await client.get("/shelves/slow")).json() for _ in range(3)]
    found = Counter((answer.status_code, answer.json().get("type", answer.json().get("text"))) for answer in answers)

    assert found.keys() == {(200, "done"), (503, "busy")}
    # Two at a time, and those whose turn came within a second.
    assert 10 <= found[200, "done"] <= 24
    assert {answer.headers["retry-after"] for answer in answers if answer.status_code == 503} <= {"1", "2", "3", "4"}
    assert (health, unfinished > 0, later) == ([200, 200], True, [{"text": "done"}] * 3)


async def test_no_more_than_allowed_at_a_time() -> None:
    """So many are answered at a time, so many wait, the others are refused at once and before their body is read."""
    gate = Gate()
    turnstile = Turnstile(gate, Limits(in_flight=2, waiting=3, patience_s=5))
    asked = [asyncio.create_task(_ask(turnstile)) for _ in range(9)]
    await asyncio.sleep(0.01)
    refused = [task.result()[0] for task in asked if task.done()]
    gate.open.set()
    answers = Counter(status for status, _ in await asyncio.gather(*asked))

    assert (refused, gate.most, answers) == ([503] * 4, 2, {204: 5, 503: 4})


async def test_a_stream_gives_its_turn_back() -> None:
    """An open stream of events keeps nobody waiting, and its end gives no second turn away."""
    ends, inside = asyncio.Event(), Gate()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/events":
            await inside(scope, receive, send)
            return
        headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await ends.wait()

    turnstile = Turnstile(application, Limits(in_flight=1, waiting=9, patience_s=0.2))
    streams = [asyncio.create_task(_ask(turnstile, "/events")) for _ in range(5)]
    await asyncio.sleep(0)
    inside.open.set()
    during = [await _ask(turnstile) for _ in range(3)]
    ends.set()
    await asyncio.gather(*streams)
    inside.open.clear()
    after = [asyncio.create_task(_ask(turnstile)) for _ in range(4)]
    await asyncio.sleep(0.01)
    inside.open.set()
    await asyncio.gather(*after)

    assert during == [(204, None)] * 3
    assert inside.most == 1


async def test_turns_come_in_order() -> None:
    """Whoever waited longest is next."""
    order: list[int] = []
    turns = asyncio.Semaphore(0)

    async def application(scope: Scope, _receive: Receive, send: Send) -> None:
        order.append(int(scope["path"][1:]))
        await turns.acquire()
        await send({"type": "http.response.start", "status": 204, "headers": []})

    turnstile = Turnstile(application, Limits(in_flight=1, waiting=9, patience_s=5))
    asked = [asyncio.create_task(_ask(turnstile, f"/{number}")) for number in range(5)]
    for _ in asked:
        await asyncio.sleep(0)
        turns.release()
    await asyncio.gather(*asked)

    assert order == [0, 1, 2, 3, 4]


async def test_nobody_waits_for_long() -> None:
    """Whoever's turn does not come is told when to ask again, in whole seconds that differ."""
    gate = Gate()
    turnstile = Turnstile(gate, Limits(in_flight=1, waiting=40, patience_s=0.05))
    first = asyncio.create_task(_ask(turnstile))
    await asyncio.sleep(0)
    refused = await asyncio.gather(*(_ask(turnstile) for _ in range(40)))
    gate.open.set()

    assert {status for status, _ in refused} == {503}
    assert {after for _, after in refused} <= {"1", "2", "3", "4"}
    assert len({after for _, after in refused}) > 1
    assert (await first, await _ask(turnstile)) == ((204, None), (204, None))


async def test_no_place_is_lost() -> None:
    """Callers that go away while they wait or are answered, and routes that fail, leave their place to others."""
    gate = Gate()
    turnstile = Turnstile(gate, Limits(in_flight=2, waiting=8, patience_s=0.2))
    for _ in range(20):
        asked = [asyncio.create_task(_ask(turnstile)) for _ in range(8)]
        await asyncio.sleep(0)
        for number, task in enumerate(asked):
            if number % 3 != 2:
                task.cancel()
        await asyncio.sleep(0)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    gate.open.set()
    answers = await asyncio.gather(*(_ask(turnstile) for _ in range(10)))

    assert (Counter(status for status, _ in answers), gate.most) == ({204: 10}, 2)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_health_needs_no_turn(path: str) -> None:
    """A service that is full answers whether it lives."""
    gate = Gate()
    turnstile = Turnstile(gate, Limits(in_flight=1, waiting=0))
    full = [asyncio.create_task(_ask(turnstile, at)) for at in ("/x", path)]
    await asyncio.sleep(0)
    inside = gate.inside
    gate.open.set()

    assert (inside, await asyncio.gather(*full)) == (2, [(204, None)] * 2)


async def test_a_body_that_never_arrives() -> None:
    """Whoever sends too slowly is refused, and holds nobody's place for long."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def silence() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    await Guard(Gate(), patience_s=0.05)(SCOPE, silence, send)

    assert (sent[0]["status"], httpx.Headers(sent[0]["headers"])["connection"]) == (408, "close")
    assert b'"too-slow"' in sent[1]["body"]


def test_bounds_fit_the_pool(config: Path) -> None:
    """What is not configured follows from the number of connections; every service has the turnstile."""
    loaded = load_config(config, SampleConfig)
    around: Any = create_app(SERVICE, loaded).build_middleware_stack()
    while not isinstance(around, Turnstile):
        around = vars(around).get("_app") or around.app

    assert around.limits == Limits(in_flight=32, waiting=128) == Limits.of(None, 8)
    assert Limits.of(3, 8) == Limits(in_flight=3, waiting=12)
