"""Requests that the OpenAPI document allows, and some that it does not, invented by schemathesis: none is ever answered with a 5xx.

They come from a browser that is signed in, with a program's right secret where that is a way to prove oneself.
"""

import asyncio
from typing import Any

import requests
from rooms.gateway import programs
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Program, basic
from support.any_request import Send, ask_everything, wire

UNHEARD = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding", "cookie"})
PROVED = ("/par", "/token", "/introspect", "/revoke")


def sender(house: House, browser: Browser, loop: asyncio.AbstractEventLoop) -> Send:
    """Return what sends a case, from another thread than the gateway's."""
    origin = house.origin("gateway")

    async def send(case: Any) -> int:
        made = requests.Request(**wire(case, origin)).prepare()
        body = made.body.encode() if isinstance(made.body, str) else made.body or b""
        headers = {name: str(value) for name, value in made.headers.items() if name.lower() not in UNHEARD}
        if str(case.operation.path) in PROVED:
            headers.update(basic("shop", programs.SECRETS["shop"]))
        browser.application.cookie, before = "", browser.application.session
        path = str(made.url).removeprefix(origin)
        answer = await browser.go(str(made.method), path, headers={"Cookie": before, **headers}, content=body)
        browser.application.session = before
        # 503 is an answer that was meant: the provider of the tests is not always there, and says so on a page.
        assert answer.status_code < 500 or answer.status_code == 503, f"{case.operation.label}: {answer.status_code}"
        return answer.status_code

    def call(case: Any) -> int:
        return asyncio.run_coroutine_threadsafe(send(case), loop).result(30)

    return call


async def test_no_request_breaks_the_gateway(house: House) -> None:
    """Every operation answers, whatever is asked, and some of what is asked is understood."""
    browser = Browser(house)
    await Program(house).sign_in(browser)
    send = sender(house, browser, asyncio.get_running_loop())
    seen = await asyncio.to_thread(ask_everything, house.app.openapi(), send)

    assert {label for label, statuses in seen.items() if not statuses} == set()
    assert seen["POST /introspect"].keys() >= {200}
    assert seen["POST /revoke"].keys() >= {200}
