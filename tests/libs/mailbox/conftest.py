"""Both stores running, each on a database of its own, and nothing beside the requests: what a test wrote stays as it was."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anon_data.app import SERVICE as ANON_DATA
from chassis.service import Service
from programs.app import SERVICE as PROGRAMS
from support.postgres import ThrowawayCluster
from support.store_host import StoreHost, store_host

STORES: list[Service[Any]] = [ANON_DATA, PROGRAMS]


@pytest.fixture(params=STORES, ids=lambda service: service.name)
async def host(request: pytest.FixtureRequest, cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[StoreHost]:
    """Serve one of the stores on an empty database."""
    async with store_host(replace(request.param, workers=()), cluster, tmp_path) as host:
        yield host
