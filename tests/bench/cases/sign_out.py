"""Signing out in one place: how long until the program, keyvault and identity answer nobody any more."""

import asyncio
import time

import httpx
import warifu
from local import population, programs
from local.group import DEMO_PASSPHRASE
from local.person import Person

from bench.case import Case
from bench.errors import BenchError
from bench.figure import Figure, within
from bench.harness import Bench

ALLOWED_S = 2.0
_PATIENCE_S = 30.0
_LEFT = "SELECT count(*) FROM release_session WHERE NOT ended"


async def run(bench: Bench) -> list[Figure]:
    """Sign people in at a client and at the example program with one browser, and out at the client."""
    work_ids = population.work_ids((await bench.system()).layout)[-bench.scale.logins - 1 :]
    async with warifu.Client(await bench.deployment()) as client:
        seconds = [await _sign_out(bench, client, work_id) for work_id in work_ids]
    # The first one warms the hosts up.
    return [within("signing out, until signed out everywhere", seconds[1:], ALLOWED_S)]


async def _sign_out(bench: Bench, client: warifu.Client, work_id: str) -> float:
    example = programs.example_origin((await bench.system()).layout)
    before = await _left(bench)
    async with httpx.AsyncClient(timeout=30, follow_redirects=True) as browser:
        # A browser of their own for the provider's pages would not be signed in at the program.
        async with httpx.AsyncClient(timeout=30, cookies=browser.cookies) as plain:
            session = await client.sign_in(warifu.Group(Person(work_id, DEMO_PASSPHRASE, plain)))
            browser.cookies = plain.cookies
        if "signed-in" not in (await browser.get(f"{example}/sign-in?prompt=none")).text:
            raise BenchError("somebody who is signed in is not signed in at the program")
        begun = time.perf_counter()
        await session.log_off()
        while "signed-out" not in (await browser.get(example)).text or await _left(bench) > before:
            if time.perf_counter() - begun > _PATIENCE_S:
                raise BenchError("somebody signed out and is signed in")
            await asyncio.sleep(0.01)
        return time.perf_counter() - begun


async def _left(bench: Bench) -> int:
    """Return how many sessions keyvault and identity would answer."""
    found = 0
    for host in ("keyvault", "identity"):
        async with bench.owner(host) as connection:
            found += await connection.fetchval(_LEFT)
    return found


CASE = Case("sign-out", "signing out in one place, until nobody is signed in anywhere", run)
