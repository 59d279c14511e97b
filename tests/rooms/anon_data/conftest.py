"""A running anon-data."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from anon_data.app import SERVICE
from support.postgres import ThrowawayCluster
from support.store_host import StoreHost, store_host


@pytest.fixture
async def host(cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[StoreHost]:
    """Serve anon_data on an empty database."""
    async with store_host(SERVICE, cluster, tmp_path) as host:
        yield host
