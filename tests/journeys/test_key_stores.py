"""The same way through five hosts when root and signing key of all three authorities are inside PKCS#11 tokens."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import warifu
from local import journey, keys, population
from local.errors import NoSoftHsm
from local.group import DEMO_PASSPHRASE
from local.person import Person
from local.system import System
from protocol.deployment import Deployment
from protocol.names import AUTHORITIES

MEMBERS = 40
BASE_PORT = 8650


@pytest.fixture(scope="module")
async def tokens(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    home = tmp_path_factory.mktemp("tokens") / "home"
    for folder in (home.parent, *home.parent.parents[:2]):
        folder.chmod(0o711)
    try:
        async with System(home, BASE_PORT, key_store="pkcs11") as running:
            await journey.load(running, MEMBERS)
            yield running
    except NoSoftHsm as missing:
        pytest.skip(str(missing))


async def salts(system: System) -> list[tuple[str, int, int]]:
    """Host, version and root of every salt of members who have signed in."""
    found: list[tuple[str, int, int]] = []
    for host in AUTHORITIES:
        connection = await asyncpg.connect(system.owner_urls[host])
        try:
            rows = await connection.fetch("SELECT version, root FROM salt WHERE version > 0 ORDER BY version")
        finally:
            await connection.close()
        found += [(host, row["version"], row["root"]) for row in rows]
    return found


async def session(system: System) -> int:
    """Sign in, read, log off; return how many checkups there are to read."""
    work_id = population.work_ids(system.layout)[0]
    deployment = Deployment.load(system.deployment_path)
    async with warifu.Client(deployment) as client, Person(work_id, DEMO_PASSPHRASE) as person:
        signed_in = await client.sign_in(person)
        checkups = await signed_in.checkups()
        await signed_in.log_off()
    return len(checkups.checkups)


async def test_the_demo_journey_with_keys_in_tokens(tokens: System) -> None:
    """Enrolled, signed in for the first time, read, written, logged off; no secret is in a file."""
    read = await journey.one_session(tokens)
    secrets = [path.name for host in AUTHORITIES for path in tokens.layout.host(host).secrets.iterdir()]

    assert read == len(journey.FISCAL_YEARS)
    assert {"root", "signing"} & set(secrets) == set()
    assert await salts(tokens) == [(host, 1, 1) for host in AUTHORITIES]


async def test_a_new_root_in_every_token(tokens: System) -> None:
    """New roots are made by the tokens, the hosts start with them, and the member's next sign-in rotates to them and reads on."""
    for host in AUTHORITIES:
        config = tokens.layout.host(host).config
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace("[keys]\n", '[keys]\nshare_root_labels = { 2 = "root-2" }\n'), encoding="utf-8")
        keys.make(tokens.layout, host)
        await tokens.restart(host)
    read = [await session(tokens) for _ in range(2)]

    assert read == [len(journey.FISCAL_YEARS)] * 2
    assert await salts(tokens) == [(host, 2, 2) for host in AUTHORITIES]
