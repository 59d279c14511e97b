"""Whoever listens is told when a ranking was published, and takes nobody's turn meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from chassis.problems import Busy
from programs.live import Live
from programs.store.rankings import Snapshot
from programs.use_cases.listen import spread_news
from protocol import proof
from protocol.encoding import b64u
from starlette.types import Message, Scope
from support.store_host import ORIGINS, Member, StoreHost

from .walking import SALES, contest, managed, people, published, put_roster

CONTEST = bytes(16)


@asynccontextmanager
async def listening(host: StoreHost, member: Member, path: str) -> AsyncIterator["asyncio.Queue[Message]"]:
    """Open a stream as a member, and yield what is sent."""
    sent: asyncio.Queue[Message] = asyncio.Queue()
    made = proof.make(member.reader, "GET", ORIGINS["programs"] + path, member.token, b"", host.clock.timestamp())
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "asgi": {"version": "3.0"},
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "root_path": "",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(proof.HEADER.lower().encode(), made.encode())],
    }

    received = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        for message in received:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    task = asyncio.create_task(host.app(scope, receive, sent.put))
    try:
        yield sent
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _next(sent: "asyncio.Queue[Message]") -> Message:
    async with asyncio.timeout(10):
        return await sent.get()


async def test_a_page_hears_of_each_ranking(host: StoreHost) -> None:
    """The stream begins with what is there, and goes on with what comes; the events say no number of anybody."""
    one = contest()
    await managed(host, one)
    members = await people(host, 10)
    await put_roster(host, {SALES: members}, one.first)
    async with listening(host, members[0], f"/contests/{b64u(one.id)}/events") as sent:
        started, first = await _next(sent), await _next(sent)
        said = []
        for _ in range(2):
            await published(host)
            await spread_news(host.app.state.db, host.app.state.live)
            event = (await _next(sent))["body"].decode()
            said.append(json.loads(event.split("data: ")[1]))

    assert (started["status"], dict(started["headers"])[b"content-type"]) == (200, b"text/event-stream; charset=utf-8")
    assert first["body"] == b"retry: 5000\n\n"
    assert said[1]["generation"] > said[0]["generation"]
    assert all(each.keys() == {"generation", "computed_at", "final"} for each in said)


async def test_who_may_not_listen(host: StoreHost) -> None:
    """A key that reads no mailbox hears nothing."""
    async with listening(host, Member.new("programs"), f"/contests/{b64u(CONTEST)}/events") as sent:
        assert (await _next(sent))["status"] == 401


async def test_more_listen_than_a_process_answers_at_a_time(host: StoreHost) -> None:
    """Fifty open streams keep no other request waiting."""
    member = await host.member()
    path = f"/contests/{b64u(CONTEST)}/events"
    streams = [listening(host, member, path) for _ in range(50)]
    for stream in streams:
        sent = await stream.__aenter__()
        assert (await _next(sent))["status"] == 200
    answer = await host.as_member(member, "GET", "/contests")
    for stream in streams:
        await stream.__aexit__(None, None, None)

    assert answer.status_code == 200


async def test_a_stream_ends_and_beats() -> None:
    """After its time the listener has to ask again; until then a comment is sent where nothing else was."""
    told = [line async for line in Live().listen(CONTEST, longest_s=0.05, beat_s=0.02)]

    assert told[0] == "retry: 5000\n\n"
    assert set(told[1:]) == {": still here\n\n"}


async def test_who_knows_the_newest_is_not_told_again() -> None:
    """Whoever listens again names the last event, and is told of later ones alone."""
    here = Live()
    await here.tell({CONTEST: Snapshot(7, 0, final=False)})
    told = {known: [line async for line in here.listen(CONTEST, known, longest_s=0.05, beat_s=0.02)] for known in (6, 7)}

    assert [sum(line.startswith("event: ranking\nid: 7\n") for line in told[known]) for known in (6, 7)] == [1, 0]


async def test_listeners_are_bounded() -> None:
    """One process has so many streams; who ends makes room."""
    here = Live(most=1)
    stream = here.listen(CONTEST)
    await anext(stream)
    with pytest.raises(Busy):
        here.listen(CONTEST)
    await stream.aclose()  # type: ignore[attr-defined]
    await here.tell({CONTEST: Snapshot(1, 0, final=False)})

    assert await anext(here.listen(CONTEST)) == "retry: 5000\n\n"


async def test_who_never_begins_takes_no_room() -> None:
    """A listener who went away before the stream began leaves it to others."""
    here = Live(most=1)
    here.listen(CONTEST)

    assert await anext(here.listen(CONTEST)) == "retry: 5000\n\n"


async def test_a_name_that_no_contest_can_have(host: StoreHost) -> None:
    """The right letters that are no bytes are refused like any other malformed request."""
    answer = await host.as_member(await host.member(), "GET", f"/contests/{'A' * 21}B/events")

    assert answer.status_code == 422
