"""A house for one test, and one that tests share which neither move its clock nor count.

The houses of one test each stand, one after the other, on the same migrated database, emptied before each, and have the same
addresses for neighbours; everything else is their own.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from gateway.app import SERVICE
from rooms.gateway.house import Door, House, doors, house_in
from support.postgres import DatabaseUrls, ThrowawayCluster

KEPT = ["schema_migration", "once_mark"]
"""Tables whose rows the migrations made."""


@pytest.fixture(scope="session")
def migrated(cluster: ThrowawayCluster) -> DatabaseUrls:
    """Make a database with the gateway's tables."""
    return cluster.database_of(SERVICE)


@pytest.fixture
async def emptied(migrated: DatabaseUrls) -> DatabaseUrls:
    """Return the database with every table as the migrations left it."""
    connection = await asyncpg.connect(migrated.owner_url)
    try:
        tables = await connection.fetchval(
            "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL ($1)",
            KEPT,
        )
        await connection.execute(f"TRUNCATE {tables}")
    finally:
        await connection.close()
    return migrated


@pytest.fixture(scope="session")
async def neighbours() -> AsyncIterator[dict[str, Door]]:
    """Listen for the houses of one test each."""
    async with doors() as found:
        yield found


@pytest.fixture
async def house(tmp_path: Path, emptied: DatabaseUrls, neighbours: dict[str, Door]) -> AsyncIterator[House]:
    """Start a gateway, its provider and its neighbours."""
    async with house_in(tmp_path / "gateway", emptied, neighbours) as house:
        yield house


@pytest.fixture(scope="session")
async def standing_house(tmp_path_factory: pytest.TempPathFactory, cluster: ThrowawayCluster) -> AsyncIterator[House]:
    """Start one house for the run, on a database and with neighbours of its own."""
    urls = cluster.database_of(SERVICE)
    async with doors() as found, house_in(tmp_path_factory.mktemp("gateway"), urls, found) as house:
        yield house


@pytest.fixture
def shared(standing_house: House) -> Iterator[House]:
    """Lend the shared house; whatever its provider was told to do wrong is forgotten afterwards."""
    yield standing_house
    standing_house.upstream.claims = {}
