"""What tests of every room may ask for: a PostgreSQL cluster for the whole run, an empty database for one test, keys."""

import gc
from collections.abc import Iterator
from typing import Any

import certifi
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import settings
from local.certificates import make_authority
from local.softhsm import SoftHsm, SoftToken
from support.key_stores import FileStore, KeyStore, TokenStore, a_token
from support.postgres import DatabaseUrls, ThrowawayCluster
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# No test asserts seconds, so no example has a deadline either.
settings.register_profile("warifu", deadline=None)
settings.load_profile("warifu")

WHOLE_SYSTEMS = frozenset({"bench", "deploy", "drill", "journeys"})
"""Folders whose tests start whole deployments, on ports of their own choice: one worker runs them all, one after the other."""


def pytest_collection_finish() -> None:
    """Let the garbage collector pass by what stays for the whole run: most of the memory, and a fifteenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


class _Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """What one worker does alone, where several share the tests: those of a file, and all those with whole systems."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "whole systems" if file.split("/")[1] in WHOLE_SYSTEMS else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Sharing:
    """Say which tests belong together; xdist asks."""
    return _Sharing(config, log)


@pytest.fixture(scope="session", autouse=True)
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let clients of this process trust an invented authority, not the world's: reading those is a tenth of many tests."""
    found, file = certifi.where, tmp_path_factory.mktemp("authority") / "authority.pem"
    file.write_bytes(make_authority()[1].public_bytes(Encoding.PEM))
    certifi.where = lambda: str(file)
    yield
    certifi.where = found


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThrowawayCluster]:
    """Start one cluster for the run (one a worker, where workers share the tests)."""
    cluster = ThrowawayCluster(tmp_path_factory.mktemp("postgres"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def database_urls(cluster: ThrowawayCluster) -> Iterator[DatabaseUrls]:
    """Create an empty database and drop it after the test."""
    urls = cluster.create_database()
    yield urls
    cluster.drop_database(urls)


@pytest.fixture(scope="session")
def soft_token(tmp_path_factory: pytest.TempPathFactory) -> tuple[SoftHsm, SoftToken]:
    """Make a SoftHSM token for the whole run."""
    return a_token(tmp_path_factory.mktemp("token"))


@pytest.fixture
def key_store(request: pytest.FixtureRequest) -> Iterator[KeyStore]:
    """Yield where the authorities' keys are: in files, where a test does not ask for another place (`BOTH_STORES`)."""
    if getattr(request, "param", "file") == "file":
        yield FileStore()
        return
    with TokenStore.made(*request.getfixturevalue("soft_token")) as store:
        yield store
