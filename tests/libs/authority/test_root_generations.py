"""Roots have generations: new salts take the newest, devices are told to rotate, and no share comes from a wrong root."""

from pathlib import Path

import pytest
from authority import COMMANDS
from chassis.config import ConfigError, load_config
from identity.app import SERVICE as IDENTITY
from protocol.encoding import sha256
from protocol.messages.release import Commit, Rotate
from protocol.rotation import sign_receipt
from support.authorities import Device, Host, Member, Registrar, World, problem, running, write_config
from support.key_stores import BOTH_STORES
from support.postgres import ThrowawayCluster

pytestmark = BOTH_STORES


async def _enrolled(host: Host, subject: str) -> Member:
    member = Member(host, subject)
    answer = await (await Registrar(host).opened()).enrol(member)
    assert answer.status_code == 200, answer.text
    return member


async def _released(host: Host, member: Member) -> tuple[Device, bool, dict[int, bytes]]:
    device = Member(host, member.subject, member.ref).device()
    _, part = device.open(await device.release())
    return device, part.renew, {share.v: share.share for share in part.shares}


async def _rotated(device: Device, version: int) -> None:
    device.open(await device.call("POST", "/rotation", Rotate(v=version)))
    receipt = sign_receipt(device.world.keys["keyvault"].signing, device.jkt, version, b"sealed")
    commit = Commit(v=version, bundle_hash=sha256(b"sealed"), receipt=receipt)
    assert (await device.call("POST", "/rotation/commit", commit)).status_code == 204


async def _roots(host: Host) -> list[int]:
    async with host.app.state.db.transaction("test") as tx:
        return [row["root"] for row in await tx.run("SELECT root FROM salt ORDER BY root")]


async def test_a_new_root(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """After a new root old shares stay as they are until the member's device has rotated; new members get the new root at once."""
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        member = await _enrolled(host, "fictional-old")
        _, before, old = await _released(host, member)
    world.key_store.new_roots("identity", 2)
    async with running(world, IDENTITY, cluster, tmp_path, empty=False) as host:
        device, renew, again = await _released(host, member)
        await _rotated(device, 1)
        _, after, new = await _released(host, member)
        _, fresh, _ = await _released(host, await _enrolled(host, "fictional-new"))
        roots = await _roots(host)

    assert (before, renew, after, fresh) == (False, True, False, False)
    assert again == old
    assert (list(new), roots) == ([1], [2, 2])


async def test_a_pending_share_keeps_its_root(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """A rotation that was under way when the root changed ends with the share it began with, and asks for another."""
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        member = await _enrolled(host, "fictional-old")
        device, _, _ = await _released(host, member)
        _, pending = device.open(await device.call("POST", "/rotation", Rotate(v=1)))
    world.key_store.new_roots("identity", 2)
    async with running(world, IDENTITY, cluster, tmp_path, empty=False) as host:
        device, _, shares = await _released(host, member)
        await _rotated(device, 1)
        _, renew, after = await _released(host, member)

    assert shares == {share.v: share.share for share in pending.shares}
    assert (renew, after[1]) == (True, shares[1])


async def test_a_root_that_salts_name_is_needed(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """A host does not start without a root that salts still name, nor with another root of the same number."""
    world.key_store.new_roots("identity", 2)
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        await _enrolled(host, "fictional-employee")
    said = []
    for generations in ((), (2,), (2, 3), (3,)):
        world.key_store.new_roots("identity", *generations)
        with pytest.raises(ConfigError) as refused:
            async with running(world, IDENTITY, cluster, tmp_path, empty=False):
                pass
        said.append(str(refused.value))

    missing, other = "1 salts are for root 2, which is not configured", "root 2 is another one than this host had before"
    assert said == [f"key `keys`: {sentence}" for sentence in (missing, other, other, missing)]


async def test_a_root_that_came_while_the_host_ran(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """A salt of a root that this process does not have, made by another one, is answered with a problem and never with a share."""
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        device, _, _ = await _released(host, await _enrolled(host, "fictional-employee"))
        async with host.app.state.db.transaction("test") as tx:
            await tx.run("INSERT INTO salt (ref, version, salt, root) SELECT ref, 1, salt, 7 FROM salt")
        other = device.member.device()
        answers = [await other.release(), await device.call("POST", "/rotation", Rotate(v=1))]

    assert [problem(answer) for answer in answers] == [(503, "root-missing")] * 2


async def test_what_is_left_of_a_root(world: World, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """The command `roots` counts salts by generation; a root without any is unused, can be taken out, and is missed by nobody."""
    command = next(command for command in COMMANDS if command.name == "roots")
    async with running(world, IDENTITY, cluster, tmp_path) as host:
        member = await _enrolled(host, "fictional-employee")
    world.key_store.new_roots("identity", 2, 4)
    async with running(world, IDENTITY, cluster, tmp_path, empty=False) as host:
        config = load_config(write_config(world, "identity", host.urls, tmp_path), IDENTITY.config_kind)
        before = await command.run(config)
        device, _, _ = await _released(host, member)
        await _rotated(device, 1)
        after = await command.run(config)

    lines = "identity: root 1: {} salts\nidentity: root 2: 0 salts, unused\nidentity: root 4: {} salts, newest"
    assert (before, after) == (lines.format(1, 0), lines.format(0, 1))
