"""Programs of others as the local deployment holds them: the example that runs, and the sandbox."""

from collections.abc import Callable
from pathlib import Path

import httpx
from local import programs, table
from local.layout import PROCESSES
from local.system import System

NEEDED = ("postgres-gateway", "gateway", "group-idp", "example-program")
PROCESS_TABLE = tuple(process for process in table.load(PROCESSES) if process.name in NEEDED)


async def test_the_gateway_knows_the_programs(tmp_path: Path, find_base_port: Callable[[], int]) -> None:
    """The example's visitor is led to the gateway, which asks where to sign in; both programs' secrets prove them."""
    async with System(tmp_path / "home", find_base_port(), processes=PROCESS_TABLE) as system, httpx.AsyncClient() as browser:
        example, gateway = programs.example_origin(system.layout), system.layout.origin("gateway")
        page = await browser.get(example)
        asked = await browser.get(f"{example}/sign-in", follow_redirects=True)
        silent = await browser.get(f"{example}/sign-in?prompt=none", follow_redirects=True)
        statuses = []
        for name in (programs.EXAMPLE, programs.SANDBOX):
            secret = programs.secret_file(system.layout, name).read_text()
            answer = await browser.post(f"{gateway}/introspect", data={"token": "x"}, auth=(name, secret))
            statuses.append((answer.status_code, answer.json()))

    assert ("signed-out" in page.text, "Without a company account" in asked.text, "signed-out" in silent.text) == (True, True, True)
    assert statuses == [(200, {"active": False})] * 2
