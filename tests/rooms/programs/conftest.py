"""A running programs."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from chassis.database import Database
from chassis.migrate import migrate
from programs.app import SERVICE
from support.postgres import DatabaseUrls, ThrowawayCluster
from support.store_host import StoreHost, store_host

from .books import Books


@pytest.fixture
async def host(database_urls: DatabaseUrls, tmp_path: Path) -> AsyncIterator[StoreHost]:
    """Serve programs on an empty database."""
    async with store_host(SERVICE, database_urls, tmp_path) as host:
        yield host


@pytest.fixture
def books(database_urls: DatabaseUrls) -> Iterator[Books]:
    """Migrate an empty database and open it as the service does."""
    with asyncio.Runner() as runner:
        runner.run(migrate(database_urls.owner_url, SERVICE.migrations, SERVICE.grants, ThrowawayCluster.runtime_role))
        db = runner.run(Database.open(database_urls.runtime_url, pool_min=1, pool_max=2))
        yield Books(runner, db)
        runner.run(db.close())
