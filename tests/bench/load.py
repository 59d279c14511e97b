"""Prepared requests, and a load of them measured from outside."""

import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from local import spawn

from bench.cpu import cpu_seconds
from bench.errors import BenchError
from bench.profiling import Profiler

_WORKER = Path(__file__).with_name("load_worker.py")


def request_bytes(method: str, path: str, host: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """Return a whole HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Side:
    """A server under load: ours or the peer."""

    name: str
    port: int
    pid: int


@dataclass(frozen=True)
class Measured:
    """What one load showed."""

    requests: int
    seconds: float
    cpu_seconds: float
    """Of the server's process, database excluded."""
    body_bytes: float
    """Mean size of an answer's body."""
    median_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Processor milliseconds a request."""
        return 1000 * self.cpu_seconds / self.requests


async def measure(
    side: Side, requests: Sequence[bytes], connections: int, profiler: Profiler | None = None, rate: float | None = None
) -> Measured:
    """Send the requests from a process of their own; raise BenchError when one of them is not answered with 2xx.

    They go out as fast as answers come, or so many a second as ``rate`` says, whether answers come or not.
    """
    measured, statuses, refusal = await _send(side, requests, connections, profiler, None, rate)
    refused = {status: count for status, count in statuses.items() if not status.startswith("2")}
    if refused:
        raise BenchError(f"{side.name} refused: {refused} of {len(requests)}; the first: {refusal}")
    return measured


async def ask(
    side: Side, requests: Sequence[bytes], connections: int, profiler: Profiler | None = None
) -> tuple[Measured, list[str]]:
    """Do the same, and return what came back too, in no order: bodies, or where redirects lead, which are answers here."""
    with tempfile.TemporaryDirectory(prefix="warifu-bench-") as folder:
        file = Path(folder) / "answers.json"
        measured, statuses, refusal = await _send(side, requests, connections, profiler, file)
        answers = [str(one) for one in json.loads(file.read_text(encoding="utf-8"))]
    refused = {status: count for status, count in statuses.items() if status[0] not in "23"}
    if refused:
        raise BenchError(f"{side.name} refused: {refused} of {len(requests)}; the first: {refusal}")
    return measured, answers


async def _send(
    side: Side,
    requests: Sequence[bytes],
    connections: int,
    profiler: Profiler | None,
    answers: Path | None,
    rate: float | None = None,
) -> tuple[Measured, Mapping[str, int], str]:
    with tempfile.NamedTemporaryFile(prefix="warifu-bench-", suffix=".requests") as file:
        file.write(b"".join(len(request).to_bytes(4, "big") + request for request in requests))
        file.flush()
        command = [sys.executable, str(_WORKER), str(side.port), str(min(connections, len(requests))), file.name]
        if answers is not None:
            command += ["--answers", str(answers)]
        if rate is not None:
            command += ["--rate", str(rate)]
        with profiler.of(side.name, side.pid) if profiler else nullcontext():
            before = cpu_seconds(side.pid)
            said = json.loads(await spawn.run(command, what=f"the load on {side.name}"))
            spent = cpu_seconds(side.pid) - before
    latencies = sorted(1000 * one for one in said["latencies"])
    median, p99 = statistics.median(latencies), latencies[len(latencies) * 99 // 100]
    measured = Measured(len(requests), said["seconds"], spent, said["body_bytes"] / len(requests), median, p99)
    return measured, said["statuses"], said["refusal"]
