"""What tests of every room may ask for: a PostgreSQL cluster for the whole run, an empty database for one test."""

from collections.abc import Iterator

import pytest
from support.postgres import DatabaseUrls, ThrowawayCluster


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
