"""Requests that the OpenAPI document allows, and some that it does not, invented by schemathesis: none is ever answered with a 5xx.

Each is signed as its path wants it, so that it reaches the code behind; the host is the one the other tests use.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from protocol import proof
from schemathesis.generation import GenerationMode
from support.store_host import ORIGINS, Member, StoreHost

from .fhir import with_record

ORIGIN = ORIGINS["anon-data"]
EACH = 8
REGISTRARS = ("/mailboxes", "/items", "/checkups", "/suspensions", "/erasures", "/recoveries")
UNHEARD = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"})
Send = Callable[[Any], int]


def sender(host: StoreHost, member: Member, loop: asyncio.AbstractEventLoop) -> Send:
    """Return what signs a case and sends it, from another thread than the host's."""

    async def send(case: Any) -> int:
        made = requests.Request(**_wire(case)).prepare()
        body = made.body.encode() if isinstance(made.body, str) else made.body or b""
        assert isinstance(body, bytes)
        url = str(made.url)
        key, subject = (host.request_key, host.windows["ingest"]) if _registrars(case) else (member.reader, member.token)
        headers = {name: str(value) for name, value in made.headers.items() if name.lower() not in UNHEARD}
        headers[proof.HEADER] = proof.make(key, str(made.method), url, subject, body, host.clock.timestamp())
        answer = await host.client.request(str(made.method), url.removeprefix(ORIGIN), content=body, headers=headers)
        assert answer.status_code < 500, f"{case.operation.label}: {answer.status_code}"
        return answer.status_code

    def call(case: Any) -> int:
        return asyncio.run_coroutine_threadsafe(send(case), loop).result(30)

    return call


def _wire(case: Any) -> dict[str, Any]:
    kwargs = case.as_transport_kwargs(base_url=ORIGIN)
    return {
        name: value for name, value in kwargs.items() if name in {"method", "url", "headers", "params", "json", "data", "files"}
    }


def _registrars(case: Any) -> bool:
    return str(case.operation.path).startswith(REGISTRARS)


def ask(cases: SearchStrategy[Any], send: Send) -> Counter[int]:
    """Send some of these cases; return the statuses."""
    statuses = Counter[int]()

    @seed(1)
    @settings(max_examples=EACH, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def once(case: Any) -> None:
        statuses[send(case)] += 1

    once()
    return statuses


def ask_everything(document: dict[str, Any], send: Send) -> dict[str, Counter[int]]:
    """Send invented requests to each operation; return the statuses of each."""
    seen: dict[str, Counter[int]] = {}
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # an operation that is none fails here
        for mode in GenerationMode:
            with suppress(Unsatisfiable):  # nothing can be wrong in what is asked nothing
                cases = operation.as_strategy(generation_mode=mode)
                seen.setdefault(operation.label, Counter()).update(ask(cases, send))
    return seen


async def test_no_request_breaks_the_host(host: StoreHost) -> None:
    """Every operation answers, whatever is asked, and some of what is asked is understood."""
    member = await with_record(host)
    send = sender(host, member, asyncio.get_running_loop())
    seen = await asyncio.to_thread(ask_everything, host.app.openapi(), send)

    assert {label for label, statuses in seen.items() if not statuses} == set()
    assert seen["GET /fhir/Observation"].keys() >= {200}
    assert seen["GET /fhir/Patient/{patient_id}"].keys() >= {200}
