"""A device follows a ranking: each snapshot once, also when the host goes away and comes back."""

import asyncio
import socket
from contextlib import aclosing

import httpx
from programs.use_cases.listen import spread_news
from protocol.encoding import unb64u
from protocol.messages.contests import Contest
from support.store_host import Member, StoreHost, deployment
from support.upstream import listener, listening
from warifu._following import published as followed
from warifu._stores import Store
from warifu._wire import Wire

from .walking import SALES, contest, managed, people, published, put_roster


class _Road(httpx.AsyncHTTPTransport):
    """Leads to wherever the host listens now; keeps what the device says it knows."""

    def __init__(self, host: StoreHost) -> None:
        super().__init__()
        self.port = 0
        self.known: list[str | None] = []
        self.pauses: list[float] = []
        self._host = host

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.known.append(request.headers.get("last-event-id"))
        request.url = request.url.copy_with(host="127.0.0.1", port=self.port)
        return await super().handle_async_request(request)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0.05)

    def leads_to(self, bound: socket.socket) -> socket.socket:
        self.port = bound.getsockname()[1]
        return bound

    def store(self, member: Member, http: httpx.AsyncClient) -> Store:
        wire = Wire(http, deployment(), self._host.clock.timestamp, self.pause)
        return Store(wire, "programs", member.seed, unb64u(str(member.reader.as_dict(private=True)["d"])))


async def _publish(host: StoreHost) -> None:
    await published(host)
    await spread_news(host.app.state.db, host.app.state.live)


async def _contest(host: StoreHost) -> tuple[Contest, Member]:
    one = contest()
    await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    await _publish(host)
    return one, members[0]


async def test_each_ranking_once(host: StoreHost) -> None:
    """The host is gone for a while, and publishes meanwhile: the device names what it knows, and hears of the rest."""
    one, member = await _contest(host)
    road = _Road(host)
    heard = []
    async with httpx.AsyncClient(transport=road) as http, aclosing(followed(road.store(member, http), one.id)) as news:
        async with asyncio.timeout(60):
            async with listening(host.app, road.leads_to(listener())):
                heard.append((await anext(news)).generation)
                await _publish(host)
                heard.append((await anext(news)).generation)
            await _publish(host)
            following = asyncio.create_task(anext(news))
            await asyncio.sleep(0.3)
            async with listening(host.app, road.leads_to(listener())):
                heard.append((await following).generation)
                await news.aclose()
    generations = await host.rows("SELECT generation FROM ranking WHERE contest = $1 ORDER BY generation", one.id)

    assert heard == [heard[0], heard[0] + 1, heard[0] + 2]
    assert heard[-1] == generations[-1]["generation"]
    assert (road.known[0], set(road.known[1:])) == (None, {str(heard[1])})
    assert set(road.pauses) == {5.0}
