"""The load generator, a process of its own: sends prepared requests over keep-alive connections, as fast as answers come.

``python load_worker.py PORT CONNECTIONS FILE [ANSWERS]``; FILE holds whole HTTP requests, each after its length (uint32
big-endian). Prints one JSON object. It parses nothing but status and length, so that it is never the bottleneck. What came back
is written to ANSWERS, where that is given: a JSON list of bodies, or of where redirects lead, in no order.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
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
    """One keep-alive connection: the next request goes out when the answer is complete."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports are of another family

    def send_next(self) -> None:
        request = next(self._tally.requests, None)
        if request is not None and self._transport is not None:
            self._sent = time.perf_counter()
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
        self.send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._tally.left:
            self._tally.failed(f"a connection was closed ({type(exc).__name__})")


async def run(port: int, connections: int, requests: list[bytes], answers: Path | None) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    tally = Tally(requests, done, keeps=answers is not None)
    pairs = [await loop.create_connection(lambda: Connection(tally), "127.0.0.1", port) for _ in range(connections)]
    begun = time.perf_counter()
    for _, connection in pairs:
        connection.send_next()
    await asyncio.wait_for(done, _PATIENCE_S)
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
    kept = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    print(json.dumps(uvloop.run(run(int(sys.argv[1]), int(sys.argv[2]), read(Path(sys.argv[3])), kept))))
