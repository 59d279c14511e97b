"""What a process of the sample service needs."""

import socket
from pathlib import Path

import pytest
from support.postgres import DatabaseUrls
from support.sample_service import write_sample


@pytest.fixture
def port() -> int:
    """Find a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def config(database_urls: DatabaseUrls, tmp_path: Path, port: int) -> Path:
    """Write the sample's configuration beside the owner's URL file."""
    database_urls.write(tmp_path)[0].rename(tmp_path / "owner.url")
    return write_sample(tmp_path, database_urls.runtime_url, f"127.0.0.1:{port}")
