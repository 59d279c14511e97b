"""Each service's schema, migrated once for all tests of a run."""

import asyncio
from collections.abc import Iterator

import pytest
from boundaries.schemas import HOSTS, Schema, service
from chassis.migrate import migrate
from support.postgres import ThrowawayCluster


@pytest.fixture(scope="session")
def schemas(cluster: ThrowawayCluster) -> Iterator[dict[str, Schema]]:
    """Migrate an empty database for each service, as its owner does."""
    found = {host: Schema(host, service(host), cluster.create_database()) for host in HOSTS}
    for schema in found.values():
        asyncio.run(migrate(schema.urls.owner_url, schema.service.migrations, schema.service.grants, cluster.runtime_role))
    yield found
    for schema in found.values():
        cluster.drop_database(schema.urls)
