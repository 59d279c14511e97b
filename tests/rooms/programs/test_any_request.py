"""Requests to programs that the OpenAPI document allows, and some that it does not: none is ever answered with a 5xx.

Each is signed as its path wants it, so that it reaches the code behind.
"""

import asyncio
from typing import Any

import requests
from protocol import proof
from protocol.jose import generate_p256, thumbprint
from protocol.manifest import USES
from protocol.messages.steps import PutInstallKey
from support.any_request import Send, ask_everything, wire
from support.office import Colleague
from support.store_host import ORIGINS, Member, StoreHost

from .exchange import GOODS, Shop, opened_shop
from .points import granted, opened
from .walking import PHONE, contest, defined

ORIGIN = ORIGINS["programs"]
OURS = {"challenges", "contests", "exchange", "points", "rankings", "roster", "staff", "steps"}
"""Tags of what is asked here; mailboxes, windows and sessions of staff are asked elsewhere."""
INSTALL = generate_p256()
UNHEARD = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"})


def sender(host: StoreHost, member: Member, shop: Shop, by: Colleague, loop: asyncio.AbstractEventLoop) -> Send:
    """Return what signs a case and sends it, from another thread than the host's."""

    async def send(case: Any) -> int:
        made = requests.Request(**wire(case, ORIGIN)).prepare()
        body = made.body.encode() if isinstance(made.body, str) else made.body or b""
        assert isinstance(body, bytes)
        url, path = str(made.url), str(case.operation.path)
        headers = {name: str(value) for name, value in made.headers.items() if name.lower() not in UNHEARD}
        if path.startswith("/staff"):
            headers |= by.headers(host, str(made.method), url.removeprefix(ORIGIN))
        else:
            key, subject = _signer(host, member, shop, path)
            headers[proof.HEADER] = proof.make(key, str(made.method), url, subject, body, host.clock.timestamp())
        if path.startswith(("/me/orders", "/supplier/")):
            headers |= {"Idempotency-Key": "any", "If-Match": '"1"'}
        answer = await host.client.request(str(made.method), url.removeprefix(ORIGIN), content=body, headers=headers)
        assert answer.status_code < 500, f"{case.operation.label}: {answer.status_code}"
        return answer.status_code

    def call(case: Any) -> int:
        return asyncio.run_coroutine_threadsafe(send(case), loop).result(30)

    return call


def _signer(host: StoreHost, member: Member, shop: Shop, path: str) -> tuple[Any, bytes]:
    if path.startswith("/point-facts"):
        return host.request_key, host.windows["ingest"]
    if path.startswith("/install"):
        return INSTALL, member.token
    if path.startswith("/roster"):
        return host.request_key, host.windows["enrol"]
    if path.startswith("/supplier/"):
        return shop.request_key, shop.id.encode()
    return member.reader, member.token


async def test_no_request_breaks_the_host(host: StoreHost) -> None:
    """Every operation of contests, steps, points and exchange answers, whatever is asked, and some of it is understood."""
    shop, by, _ = await opened_shop(host, GOODS, roles=("office", "program-manager"))
    await defined(host, by, contest())
    member = await host.member()
    await host.as_member(member, "PUT", "/me/install-keys", PutInstallKey(install=PHONE, jkt=thumbprint(INSTALL)))
    host.windows["enrol"] = await host.open_window("enrol", dict.fromkeys(USES["enrol"]["pseudonymous"], 100_000))
    host.windows["ingest"] = await host.open_window("ingest", {"fact": 100_000, "withdraw": 100_000})
    async with opened(host) as db:
        await granted(db, member)
    document = host.app.openapi()
    paths = {path: said for path, said in document["paths"].items() if any(OURS & {*one["tags"]} for one in said.values())}
    del paths["/staff/session"]  # Its end is everything else's.
    send = sender(host, member, shop, by, asyncio.get_running_loop())
    seen = await asyncio.to_thread(ask_everything, {**document, "paths": paths}, send)

    assert {label for label, statuses in seen.items() if not statuses} == set()
    assert seen["GET /me/contests"].keys() >= {200}
    assert seen["GET /me/step-days"].keys() >= {200}
    assert seen["GET /staff/contests"].keys() >= {200}
    assert seen["GET /me/points"].keys() >= {200}
    assert seen["GET /supplier/orders"].keys() >= {200}
    assert seen["GET /staff/points/books"].keys() >= {200}
