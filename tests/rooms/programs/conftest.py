"""A running programs."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from chassis.database import Database
from programs.app import SERVICE
from support.postgres import ThrowawayCluster
from support.store_host import StoreHost, store_host

from .books import Books


@pytest.fixture
async def host(cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[StoreHost]:
    """Serve programs on an empty database."""
    async with store_host(SERVICE, cluster, tmp_path) as host:
        yield host


@pytest.fixture
def books(cluster: ThrowawayCluster) -> Iterator[Books]:
    """Open an empty database as the service does."""
    urls = cluster.database_of(SERVICE)
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(urls.runtime_url, pool_min=1, pool_max=2))
        yield Books(runner, db)
        runner.run(db.close())
    cluster.drop_database(urls)
