"""One running deployment with an imported population for all journeys, and five hosts whose time can be moved for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from journeys.office import Office, office
from local import journey
from local.system import System
from support.postgres import ThrowawayCluster

MEMBERS = 120
BASE_PORT = 8600


@pytest.fixture(scope="session")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    home = tmp_path_factory.mktemp("journeys") / "home"
    for folder in (home.parent, *home.parent.parents[:2]):
        folder.chmod(0o711)
    async with System(home, BASE_PORT) as running:
        await journey.load(running, MEMBERS)
        yield running


@pytest.fixture
async def town(cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[Office]:
    """Open an office that knows nobody yet."""
    async with office(cluster, tmp_path) as opened:
        yield opened
