"""PostgreSQL is killed while requests are under way: whatever they were doing ends as unavailable, and later ones go on."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
from chassis.database import Database
from chassis.problems import Unavailable
from support.postgres import ThrowawayCluster

WORKERS, KILLS = 24, 3


@pytest.fixture
def own_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThrowawayCluster]:
    """Start a cluster to kill, for this test alone."""
    cluster = ThrowawayCluster(tmp_path_factory.mktemp("dying"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


async def _busy(db: Database, number: int, ended: "Counter[str]") -> None:
    """Ask, in a transaction or without one, until that fails."""
    try:
        while True:
            if number % 2:
                async with db.transaction("busy") as tx:
                    await tx.run("SELECT 1")
                    await tx.run("SELECT generate_series(1, 2000)")
            else:
                async with db.statements("busy") as tx:
                    await tx.run("SELECT generate_series(1, 2000)")
    except Exception as error:  # noqa: BLE001  # the class is what is asserted
        ended[type(error).__name__] += 1


async def test_a_killed_server_is_unavailable(own_cluster: ThrowawayCluster) -> None:
    """Killed again and again, in whatever state it found them: callers see nothing but unavailable."""
    db = await Database.open(own_cluster.create_database().runtime_url)
    ended: Counter[str] = Counter()
    for _ in range(KILLS):
        tasks = [asyncio.create_task(_busy(db, number, ended)) for number in range(WORKERS)]
        await asyncio.sleep(0.2)
        await asyncio.to_thread(own_cluster.kill)
        await asyncio.gather(*tasks)
        await asyncio.to_thread(own_cluster.restart)
    async with db.transaction("again") as tx:
        rows = await tx.run("SELECT 1 AS one")
    await db.close()

    assert (ended, rows[0]["one"]) == ({Unavailable.__name__: WORKERS * KILLS}, 1)
