"""Backups of a service that keeps nothing, and into a database that is not there yet."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from chassis.backup import backup, restore
from chassis.config import ConfigError
from chassis.database import Transaction
from chassis.erasures import Ledger
from chassis.migrate import migrate
from chassis.service import Restoring
from protocol.sealing import XWingPrivateKey
from support.postgres import DatabaseUrls, ThrowawayCluster
from support.sample_service import SERVICE, SQL

SEED = bytes(31) + b"k"
PUBLIC = XWingPrivateKey(SEED).public_bytes


async def _forget(_tx: Transaction, _subjects: Sequence[bytes]) -> None:
    """Erase nobody."""


KEEPING = replace(SERVICE, restoring=Restoring("SELECT id FROM folder", _forget, ()))


async def test_a_service_that_keeps_nothing(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    """A service that does not say what comes back after a loss has no backups, and none is half made."""
    file = tmp_path / "backup"
    with pytest.raises(ConfigError, match="this service keeps nothing that is backed up"):
        await backup(database_urls.owner_url, SERVICE, PUBLIC, file)
    made = [path.name for path in tmp_path.iterdir()]
    file.touch()
    with pytest.raises(ConfigError, match="this service keeps nothing that is backed up"):
        await restore(database_urls.owner_url, SERVICE, SEED, file)

    assert made == []


async def test_a_database_without_a_schema(database_urls: DatabaseUrls, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """A backup makes no tables: into a database without any nothing is restored, and the operator hears what comes first."""
    await migrate(database_urls.owner_url, [SQL / "migrations"], SQL / "grants.sql", ThrowawayCluster.runtime_role)
    await backup(database_urls.owner_url, KEEPING, PUBLIC, tmp_path / "backup")
    empty = cluster.create_database()
    with pytest.raises(ConfigError, match="the database has no schema yet: run migrate first"):
        await restore(empty.owner_url, KEEPING, SEED, tmp_path / "backup")
    connection = await asyncpg.connect(empty.owner_url)
    tables = await connection.fetchval("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    await connection.close()
    cluster.drop_database(empty)

    assert tables == 0


async def test_without_a_ledger() -> None:
    """Where the configuration names no ledger of erasures none is kept, and nothing is taken for an empty one."""
    ledger = Ledger("keyvault", None)
    await ledger.add([bytes(16)])
    with pytest.raises(ConfigError, match="no table `backup`, which names the erasure ledger"):
        ledger.lines()
