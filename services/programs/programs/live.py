"""Live pages: whoever listens is told that a new ranking was published, and then reads it like everybody else."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress

from chassis.problems import Busy
from protocol.messages.rankings import RankingNews

from programs.store.rankings import Snapshot

MOST_LISTENERS = 2_000
"""Open streams of one process."""
LONGEST_S = 600.0
"""After this a listener asks anew, and is admitted anew."""
BEAT_S = 15.0
"""A comment is sent when nothing else was, so that neither end takes the other for dead."""


class Live:
    """What this process knows of the newest snapshots, and who waits for the next."""

    def __init__(self, most: int = MOST_LISTENERS) -> None:
        """Allow so many open streams."""
        self._most = most
        self._newest: Mapping[bytes, Snapshot] = {}
        self._news = asyncio.Condition()
        self._listeners = 0

    async def tell(self, newest: Mapping[bytes, Snapshot]) -> None:
        """Take over what the database says, and wake the listeners if anything is new."""
        if newest == self._newest:
            return
        async with self._news:
            self._newest = newest
            self._news.notify_all()

    def listen(self, contest: bytes, told: int = -1, *, longest_s: float = LONGEST_S, beat_s: float = BEAT_S) -> AsyncIterator[str]:
        """Return the stream (text/event-stream) of one listener, who knows the generation ``told``.

        Raises Busy where too many listen already.
        """
        if self._listeners >= self._most:
            raise Busy(headers={"Retry-After": "60"})
        return self._stream(contest, told, longest_s, beat_s)

    async def _stream(self, contest: bytes, told: int, longest_s: float, beat_s: float) -> AsyncIterator[str]:
        # Not before: who goes away between question and answer never begins to listen, and would never end.
        self._listeners += 1
        ends = asyncio.get_running_loop().time() + longest_s
        try:
            yield "retry: 5000\n\n"
            while asyncio.get_running_loop().time() < ends:
                newest = await self._later(contest, told, beat_s)
                if newest is None:
                    yield ": still here\n\n"
                else:
                    told = newest.generation
                    yield _event(newest)
        finally:
            self._listeners -= 1

    async def _later(self, contest: bytes, told: int, within_s: float) -> Snapshot | None:
        """Wait for another snapshot than the one that was told; None where there is none in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._news:
                await self._news.wait_for(lambda: contest in self._newest and self._newest[contest].generation != told)
                return self._newest[contest]
        return None


def _event(snapshot: Snapshot) -> str:
    said = RankingNews(generation=snapshot.generation, computed_at=snapshot.computed_at, final=snapshot.final)
    return f"event: ranking\nid: {snapshot.generation}\ndata: {said.model_dump_json()}\n\n"
