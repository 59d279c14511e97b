"""Being told of new rankings: server-sent events (WHATWG HTML, section 9.2) of programs, listened to again whenever they end."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx
from protocol.encoding import b64u
from protocol.messages.rankings import RankingNews

from ._lifetime import Lifetime
from ._stores import Store
from .errors import HostRefused, HostUnavailable

_PATIENCE_S = 45.0
"""The host sends a comment every fifteen seconds."""
_RETRY_S = 5.0
"""Before listening again, until the host names another time."""
_LONGEST_RETRY_S = 60.0
NOTHING = -1
"""The generation that is known where none is."""


class Follows(Lifetime):
    """A session that hears of new rankings."""

    async def follow_ranking(self, contest: bytes) -> AsyncGenerator[RankingNews, None]:
        """Yield whenever a ranking of this contest was published, each once, for as long as the session lasts.

        Ends that the network or the host makes are not seen. Refusals are raised.
        """
        known = NOTHING
        while True:
            opened = self._keys()
            try:
                async with aclosing(published(opened.stores["programs"], contest, known)) as news:
                    async for one in news:
                        known = one.generation
                        yield one
            except HostRefused as error:
                if error.type != "reader-unknown":
                    raise
                await self._settled_again(opened)


async def published(store: Store, contest: bytes, known: int = NOTHING) -> AsyncGenerator[RankingNews, None]:
    """Yield rankings later than ``known`` as they are published; listen again whenever the host is gone, naming what is known."""
    retry_s = _RETRY_S
    path = f"/contests/{b64u(contest)}/events"
    while True:
        try:
            more = {} if known == NOTHING else {"Last-Event-ID": str(known)}
            async with store.stream(path, more, _PATIENCE_S) as answer, aclosing(_events(answer)) as events:
                async for name, data in events:
                    if name == "retry" and data.isdecimal():
                        retry_s = min(int(data) / 1000, _LONGEST_RETRY_S)
                    elif name == "ranking" and (news := _news(answer, data)).generation > known:
                        known = news.generation
                        yield news
        except HostUnavailable:
            pass
        await store.pause(retry_s)


async def _events(answer: httpx.Response) -> AsyncGenerator[tuple[str, str], None]:
    """Yield events by name with their data, and ``retry`` with its milliseconds; comments and what is unfinished are left out."""
    name, data = "message", list[str]()
    async for line in answer.aiter_lines():
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield name, "\n".join(data)
            name, data = "message", []
        elif field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif field == "retry":
            yield field, value


def _news(answer: httpx.Response, data: str) -> RankingNews:
    try:
        return RankingNews.model_validate_json(data)
    except ValueError:
        # The chain is cut: the validation error quotes what was sent.
        raise HostRefused("programs", "malformed-answer", answer.status_code) from None
