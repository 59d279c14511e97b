"""The load generator, a process of its own: sends prepared requests over keep-alive connections, by a clock or as answers come.

``python load_worker.py PORT CONNECTIONS FILE [--answers ANSWERS] [--rate RATE]``; FILE holds whole HTTP requests, each after its
length (uint32 big-endian). Prints one JSON object. It parses nothing but status and length, so that it is never the bottleneck.
What came back is written to ANSWERS, where that is given: a JSON list of bodies, or of where redirects lead, in no order. At a
RATE, so many a second are due whether answers come or not, and each latency counts from when its request was due.
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import uvloop

_PATIENCE_S = 100


class Tally:
    """What came back."""

    def __init__(self, requests: list[bytes], done: "asyncio.Future[None]", *, keeps: bool) -> None:
        self.requests: Iterator[bytes] = iter(requests)
        self.left = len(requests)
        self.keeps = keeps
        self.statuses: Counter[int] = Counter()
        self.body_bytes = 0
        self.refusal = ""
        self.latencies: list[float] = []
        self.answers: list[tuple[bytes, bytes]] = []
        """Head and body of each, where they are wanted."""
        self._done = done

    def add(self, status: int, head: bytes, body: bytes, seconds: float) -> None:
        self.statuses[status] += 1
        self.body_bytes += len(body)
        self.latencies.append(seconds)
        if self.keeps:
            self.answers.append((head, body))
        if status >= 300 and not self.refusal:
            self.refusal = body[:400].decode(errors="replace")
        self.left -= 1
        if self.left == 0 and not self._done.done():
            self._done.set_result(None)

    def failed(self, error: str) -> None:
        if not self._done.done():
            self._done.set_exception(ConnectionError(error))


class Connection(asyncio.Protocol):
    """One keep-alive connection; what is to happen when an answer is complete is said by ``free``."""

    def __init__(self, tally: Tally, free: "Callable[[Connection], None]") -> None:
        self._tally = tally
        self._free = free
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports are of another family

    def send_next(self) -> None:
        request = next(self._tally.requests, None)
        if request is not None:
            self.send(request, time.perf_counter())

    def send(self, request: bytes, due: float) -> None:
        if self._transport is not None:
            self._sent = due
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._buffer[:end]).lower()
        at = head.find(b"\r\ncontent-length:")
        length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        whole, body = bytes(self._buffer[:end]), bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        self._tally.add(int(head[9:12]), whole, body, time.perf_counter() - self._sent)
        self._free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._tally.left:
            self._tally.failed(f"a connection was closed ({type(exc).__name__})")


async def paced(tally: Tally, free: "asyncio.Queue[Connection]", rate: float, begun: float) -> None:
    """Send each request when it is due, or as soon after as a connection is free."""
    for number, request in enumerate(tally.requests):
        due = begun + number / rate
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        (await free.get()).send(request, due)


async def run(port: int, connections: int, requests: list[bytes], answers: Path | None, rate: float | None) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    tally = Tally(requests, done, keeps=answers is not None)
    waiting: asyncio.Queue[Connection] = asyncio.Queue()
    free = Connection.send_next if rate is None else waiting.put_nowait
    pairs = [await loop.create_connection(lambda: Connection(tally, free), "127.0.0.1", port) for _ in range(connections)]
    begun = time.perf_counter()
    for _, connection in pairs:
        free(connection)
    pacing = asyncio.create_task(paced(tally, waiting, rate, begun)) if rate is not None else None
    await asyncio.wait_for(done, _PATIENCE_S)
    if pacing is not None:
        await pacing
    seconds = time.perf_counter() - begun
    for transport, _ in pairs:
        transport.close()
    if answers is not None:
        answers.write_text(json.dumps([_said(head, body) for head, body in tally.answers]), encoding="utf-8")
    return {
        "seconds": seconds,
        "statuses": tally.statuses,
        "body_bytes": tally.body_bytes,
        "refusal": tally.refusal,
        "latencies": tally.latencies,
    }


def _said(head: bytes, body: bytes) -> str:
    """Return where a redirect leads, or else the body."""
    _, found, after = head.lower().partition(b"\r\nlocation:")
    if not found:
        return body.decode()
    return head[len(head) - len(after) :].split(b"\r\n", 1)[0].strip().decode("ascii")


def read(path: Path) -> list[bytes]:
    data, at, requests = path.read_bytes(), 0, []
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        requests.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return requests


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("connections", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--rate", type=float)
    said = parser.parse_args()
    print(json.dumps(uvloop.run(run(said.port, said.connections, read(said.file), said.answers, said.rate))))
