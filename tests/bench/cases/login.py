"""Signing in, as the member's device does it: from nothing to readable records, with the client already running."""

import time

import warifu
from local import population
from local.group import DEMO_PASSPHRASE
from local.person import Person

from bench.case import Case
from bench.errors import BenchError
from bench.figure import Figure, within
from bench.harness import Bench

ALLOWED_S = 1.5


async def run(bench: Bench) -> list[Figure]:
    """Sign people in for the first time and again; every time with a browser that the group's provider does not know yet."""
    work_ids = population.work_ids((await bench.system()).layout)[: bench.scale.logins + 1]
    async with warifu.Client(await bench.deployment()) as client:
        first = [await _login(client, work_id) for work_id in work_ids]
        later = [await _login(client, work_id) for work_id in work_ids]
    # The first person of each kind warms the client and the hosts up.
    return [
        within("login to readable records", later[1:], ALLOWED_S),
        within("first login to readable records", first[1:], ALLOWED_S),
    ]


async def _login(client: warifu.Client, work_id: str) -> float:
    async with Person(work_id, DEMO_PASSPHRASE) as person:
        begun = time.perf_counter()
        async with await client.sign_in(warifu.Group(person)) as session:
            records = await session.checkups()
            name = session.profile.name
            seconds = time.perf_counter() - begun
    if not name or not records.checkups:
        raise BenchError("somebody signed in and found no records")
    return seconds


CASE = Case("login", "from nothing to readable records in a running client", run)
