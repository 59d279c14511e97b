"""What may be seen only once."""

import asyncio
import os
from datetime import timedelta

import asyncpg
import pytest
from chassis.app import create_app
from chassis.once import Once
from keyvault.app import SERVICE
from support.authorities import Host

LIFETIME, SKEW = 120, 10
SINCE = "SELECT since FROM once_mark"


def _once(host: Host) -> Once:
    return Once(host.app.state.db, host.world.clock, lifetime_s=LIFETIME, skew_s=SKEW)


async def _rows(host: Host) -> int:
    connection = await asyncpg.connect(host.urls.owner_url)
    rows: int = await connection.fetchval("SELECT (SELECT count(*) FROM once_even) + (SELECT count(*) FROM once_odd)")
    await connection.close()
    return rows


async def test_one_of_many_at_once_is_first(keyvault: Host) -> None:
    """Of many that ask at once exactly one is first, through several workers."""
    workers = [_once(keyvault) for _ in range(4)]
    identifier, now = os.urandom(32), keyvault.world.now
    answers = await asyncio.gather(*(workers[n % 4].first(identifier, now) for n in range(16)))

    assert sorted(answers) == [False] * 15 + [True]


@pytest.mark.parametrize("apart", [0, 2 * (LIFETIME + SKEW)])
async def test_two_in_one_statement_each_have_an_answer(keyvault: Host, apart: int) -> None:
    """Of two that come together each is first or not for itself, in one table or in two, and both are remembered."""
    once, now = _once(keyvault), keyvault.world.now
    old, new, other = (os.urandom(32) for _ in range(3))
    answers = [
        await once.each_first([(old, now)]),
        await once.each_first([(old, now), (new, now + apart)]),
        await once.each_first([(other, now), (new, now + apart)]),
        [await once.first(other, now)],
        await once.each_first([]),
    ]

    assert answers == [[True], [False, True], [True, False], [False], []]


async def test_remembered_while_acceptable(keyvault: Host) -> None:
    """An identifier is refused for as long as its issue could be accepted, however often the tables are emptied."""
    once, world = _once(keyvault), keyvault.world
    seen: list[bool] = []
    for _ in range(60):
        identifier, issued = os.urandom(32), world.now + SKEW
        assert await once.first(identifier, issued)
        for _ in range(LIFETIME // 10):
            world.clock.advance(timedelta(seconds=10))
            await once.rotate()
            seen.append(await once.first(identifier, issued))

    assert set(seen) == {False}


async def test_forgotten_in_the_end(keyvault: Host) -> None:
    """Rows do not stay for more than some minutes."""
    once, world = _once(keyvault), keyvault.world
    await once.first(os.urandom(32), world.now)
    before = await _rows(keyvault)
    for _ in range(40):
        world.clock.advance(timedelta(seconds=30))
        await once.rotate()

    assert (before, await _rows(keyvault)) == (1, 0)


async def test_after_a_loss(keyvault: Host) -> None:
    """When a crash emptied the tables, what was issued before is refused, and what is issued later is accepted."""
    once, world = _once(keyvault), keyvault.world
    identifier, issued = os.urandom(32), world.now
    assert await once.first(identifier, issued)
    connection = await asyncpg.connect(keyvault.urls.owner_url)
    await connection.execute("TRUNCATE once_even, once_odd, once_mark")  # as a crash does to unlogged tables
    await connection.close()

    assert await once.first(identifier, issued) is False
    assert await once.first(identifier, issued) is False
    world.clock.advance(timedelta(seconds=SKEW + 1))
    assert await once.first(os.urandom(32), world.now) is True
    assert await once.first(identifier, issued) is False


async def test_mark_restored_at_start(keyvault: Host) -> None:
    """A service that starts after a crash of the database accepts what is issued from then on, without waiting for a period."""
    connection = await asyncpg.connect(keyvault.urls.owner_url)
    await connection.execute("TRUNCATE once_even, once_odd, once_mark")  # as a crash does to unlogged tables
    app = create_app(SERVICE, keyvault.app.state.config, clock=keyvault.world.clock)
    async with app.router.lifespan_context(app), asyncio.timeout(10):
        while not (since := await connection.fetchval(SINCE)):  # the database tells nobody
            await asyncio.sleep(0.01)
    await connection.close()

    assert since == keyvault.world.now + SKEW + 1
