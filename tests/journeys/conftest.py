"""One running deployment with an imported population for all journeys."""

from collections.abc import AsyncIterator

import pytest
from local import journey
from local.system import System

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
