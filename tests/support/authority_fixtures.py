"""Fixtures of tests that need an authority; a folder's conftest imports those it wants."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chassis.clock import FixedClock
from identity.app import SERVICE as IDENTITY
from keyvault.app import SERVICE as KEYVAULT
from support.authorities import START, Host, World, running
from support.issuer import Issuer
from support.key_stores import KeyStore
from support.postgres import ThrowawayCluster


@pytest.fixture
async def world(key_store: KeyStore) -> AsyncIterator[World]:
    """Yield a deployment with an issuer."""
    clock = FixedClock(START)
    async with Issuer(clock).serving() as issuer:
        yield World(issuer, clock, key_store)


@pytest.fixture
async def keyvault(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[Host]:
    """Run a keyvault."""
    async with running(world, KEYVAULT, cluster, tmp_path) as host:
        yield host


@pytest.fixture
async def identity(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> AsyncIterator[Host]:
    """Run identity."""
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        yield host
