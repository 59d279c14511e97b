"""A running programs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from programs.app import SERVICE
from support.postgres import DatabaseUrls
from support.store_host import StoreHost, store_host


@pytest.fixture
async def host(database_urls: DatabaseUrls, tmp_path: Path) -> AsyncIterator[StoreHost]:
    """Serve programs on an empty database."""
    async with store_host(SERVICE, database_urls, tmp_path) as host:
        yield host
