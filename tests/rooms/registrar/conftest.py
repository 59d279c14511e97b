"""Five hosts for all tests of a run; each test finds them empty."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rooms.registrar.five_hosts import FiveHosts, five_hosts
from support.postgres import ThrowawayCluster


@pytest.fixture(scope="session")
async def running(cluster: ThrowawayCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FiveHosts]:
    """Serve gateway, keyvault, identity, anon-data and programs in this process."""
    async with five_hosts(cluster, tmp_path_factory.mktemp("hosts")) as running:
        yield running


@pytest.fixture
async def hosts(running: FiveHosts, tmp_path: Path) -> FiveHosts:
    """Return the hosts without a member, and a registrar's home that knows nobody."""
    await running.begin(tmp_path)
    return running
