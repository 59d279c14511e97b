"""Requests that the OpenAPI document allows, and some that it does not, invented by schemathesis: none is ever answered with a 5xx.

Each is signed as its path wants it, so that it reaches the code behind; the host is the one the other tests use.
"""

import asyncio
from typing import Any

import requests
from protocol import proof
from support.any_request import Send, ask_everything, wire
from support.store_host import ORIGINS, Member, StoreHost

from .fhir import with_record

ORIGIN = ORIGINS["anon-data"]
REGISTRARS = ("/mailboxes", "/items", "/checkups", "/suspensions", "/erasures", "/recoveries")
UNHEARD = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"})


def sender(host: StoreHost, member: Member, loop: asyncio.AbstractEventLoop) -> Send:
    """Return what signs a case and sends it, from another thread than the host's."""

    async def send(case: Any) -> int:
        made = requests.Request(**wire(case, ORIGIN)).prepare()
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


def _registrars(case: Any) -> bool:
    return str(case.operation.path).startswith(REGISTRARS)


async def test_no_request_breaks_the_host(host: StoreHost) -> None:
    """Every operation answers, whatever is asked, and some of what is asked is understood."""
    member = await with_record(host)
    send = sender(host, member, asyncio.get_running_loop())
    seen = await asyncio.to_thread(ask_everything, host.app.openapi(), send)

    assert {label for label, statuses in seen.items() if not statuses} == set()
    assert seen["GET /fhir/Observation"].keys() >= {200}
    assert seen["GET /fhir/Patient/{patient_id}"].keys() >= {200}
