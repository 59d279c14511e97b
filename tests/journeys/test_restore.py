"""A host's disk is lost: its database is made anew from a backup, and members sign in as before."""

from pathlib import Path

import warifu
from local import backups, population
from local.group import DEMO_PASSPHRASE
from local.person import Person
from local.system import System
from protocol.deployment import Deployment
from registrar.secret_files import read_private

HOST = "keyvault"


async def signed_in(system: System) -> str:
    """Let a member sign in, and return the name in their record."""
    work_id = population.work_ids(system.layout)[9]
    deployment = Deployment.load(system.deployment_path)
    async with (
        warifu.Client(deployment) as client,
        Person(work_id, DEMO_PASSPHRASE) as person,
        await client.sign_in(warifu.Group(person)) as session,
    ):
        return session.profile.name


async def test_a_host_is_made_anew(system: System, tmp_path: Path) -> None:
    """From its own commands: what was sealed to the offline key opens, the ledger is replayed, and the keyvault serves."""
    before, file = await signed_in(system), tmp_path / "backup"
    await backups.backup(system.layout, HOST, file)
    for name in (HOST, f"postgres-{HOST}"):
        await system.stop(name)
    said = await backups.restore(system.layout, HOST, file)
    for name in (f"postgres-{HOST}", HOST):
        await system.start(name)

    assert said[2] == f"{HOST}: 0 erased again; the database may be served\n"
    assert await signed_in(system) == before
    assert read_private(system.layout.restore_key(HOST)) not in file.read_bytes().decode("latin-1")
    assert not list(system.layout.host(HOST).path.rglob("*.key"))
