"""One snapshot of the invented population, for whoever only reads it."""

from pathlib import Path

import pytest
from analysis.engine import Engine

from .population import population
from .worlds import engine


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine(population(), tmp_path_factory.mktemp("analysis-shelf"))


@pytest.fixture(scope="session")
def made(asked: Engine) -> Path:
    return asked.snapshot.folder
