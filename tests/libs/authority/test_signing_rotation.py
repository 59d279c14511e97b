"""Replacing a signing key: pin the next one, switch, drop the old one; nobody is refused on the way."""

from pathlib import Path

import pytest
from authority import CHECKS, COMMANDS
from chassis.config import ConfigError, load_config
from identity.app import SERVICE as IDENTITY
from protocol.deployment import AuthorityPublic
from protocol.encoding import sha256
from protocol.messages.release import Commit, Rotate
from protocol.names import AuthorityName
from protocol.rotation import sign_receipt
from protocol.signing import SignatureRefused
from support.authorities import Device, Member, Registrar, World, problem, running, write_config
from support.key_stores import BOTH_STORES
from support.postgres import ThrowawayCluster

pytestmark = BOTH_STORES


def _pin(world: World, host: AuthorityName, **change: bytes | None) -> None:
    authorities = world.deployment.authorities
    changed = authorities[host].model_copy(update=change)
    world.deployment = world.deployment.model_copy(update={"authorities": {**authorities, host: changed}})


async def test_three_steps(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """A host starts with either key while both are pinned, and its parts open under the pinned keys at each step."""
    old = world.keys["identity"].signing.public_bytes
    opened = []

    async def step() -> None:
        async with running(world, IDENTITY, cluster, tmp_path) as host:
            member = Member(host)
            await (await Registrar(host).opened()).enrol(member)
            device = member.device()
            sealed, _ = device.open(await device.release())
            sealed.open(device.hpke, device.jkt, world.deployment.authorities["identity"].signing_keys)
            opened.append(world.keys["identity"].signing.public_bytes == old)
            if not opened[-1]:
                with pytest.raises(SignatureRefused):
                    sealed.open(device.hpke, device.jkt, old)

    await step()
    world.key_store.new_signing_key("identity")
    new = world.keys["identity"].signing.public_bytes
    _pin(world, "identity", signing_next=new)
    await step()
    _pin(world, "identity", signing=new, signing_next=None)
    await step()

    assert opened == [True, False, False]


async def test_a_key_that_is_not_pinned(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """A host does not start with a signing key that the deployment does not know, and `check` says so too."""
    world.key_store.new_signing_key("identity")
    with pytest.raises(ConfigError) as refused:
        async with running(world, IDENTITY, cluster, tmp_path):
            pass
    config = load_config(tmp_path / "identity.toml", IDENTITY.config_kind)
    with pytest.raises(ConfigError) as checked:
        await CHECKS[0](config)

    assert str(refused.value).startswith("key `keys`: these are not the keys that ")
    assert str(checked.value) == str(refused.value)


async def test_the_command_shows_what_is_pinned(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """The command `keys` prints the public keys, and makes none that is there."""
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        config = load_config(write_config(world, "identity", host.urls, tmp_path), IDENTITY.config_kind)
    command = next(command for command in COMMANDS if command.name == "keys")
    printed = [AuthorityPublic.model_validate_json(await command.run(config, search_epochs=[1])) for _ in range(2)]
    both = AuthorityPublic.model_validate_json(await command.run(config, search_epochs=[1, 2]))

    assert printed == [world.deployment.authorities["identity"]] * 2
    assert {use.split("|")[-1] for use in both.voprf.keys() - printed[0].voprf.keys()} == {"2"}
    assert len(both.voprf) == 9


async def test_receipts_of_either_key(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Another authority commits on a receipt under the keyvault's present or next key, and on no other."""
    keys = []
    for _ in range(3):
        keys.append(world.keys["keyvault"].signing)
        world.key_store.new_signing_key("keyvault")
    _pin(world, "keyvault", signing_next=keys[1].public_bytes)
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        member = Member(host)
        await (await Registrar(host).opened()).enrol(member)
        device = member.device()
        device.open(await device.release())

        async def commit(device: Device, number: int, version: int) -> int:
            device.open(await device.call("POST", "/rotation", Rotate(v=version)))
            receipt = sign_receipt(keys[number], device.jkt, version, b"sealed")
            answer = await device.call(
                "POST", "/rotation/commit", Commit(v=version, bundle_hash=sha256(b"sealed"), receipt=receipt)
            )
            return answer.status_code if answer.status_code == 204 else problem(answer)[0]

        statuses = [await commit(device, number, version) for number, version in ((0, 1), (1, 2), (2, 3))]

    assert statuses == [204, 204, 400]
