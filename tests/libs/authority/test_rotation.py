"""Rotation: every step may be repeated, and two devices at once end with the same keys."""

import asyncio
import os

import pytest
from protocol.bundle import SEALED_BYTES
from protocol.encoding import sha256
from protocol.messages.release import BundleReceipt, Commit, PutBundle, Rotate
from protocol.rotation import sign_receipt
from support.authorities import Device, Host, Member, Registrar, problem
from support.key_stores import BOTH_STORES

pytestmark = BOTH_STORES


async def _device(host: Host) -> Device:
    member = Member(host)
    await (await Registrar(host).opened()).enrol(member)
    device = member.device()
    device.open(await device.release())
    return device


@pytest.fixture
async def device(identity: Host) -> Device:
    """Return a device that was released to at identity, where a commit needs nothing but a receipt."""
    return await _device(identity)


def _commit(device: Device, version: int, bundle: bytes = b"sealed", jkt: bytes | None = None) -> Commit:
    receipt = sign_receipt(device.world.keys["keyvault"].signing, jkt or device.jkt, version, bundle)
    return Commit(v=version, bundle_hash=sha256(bundle), receipt=receipt)


async def test_pending_shares_at_once(device: Device) -> None:
    """Two devices that rotate at once get the same pending share."""
    other = device.member.device()
    other.open(await other.release())
    answers = await asyncio.gather(*(each.call("POST", "/rotation", Rotate(v=1)) for each in (device, other) * 4))
    parts = {each.open(answer)[1].shares for each, answer in zip((device, other) * 4, answers, strict=True)}

    assert [[share.v for share in shares] for shares in parts] == [[0, 1]]


async def test_release_shows_a_rotation_under_way(device: Device) -> None:
    """Another session is told the pending share too, so that it can finish what is unfinished."""
    _, pending = device.open(await device.call("POST", "/rotation", Rotate(v=1)))
    other = device.member.device()

    assert other.open(await other.release())[1].shares == pending.shares


async def test_commit_at_once(device: Device) -> None:
    """Commits at once change the version once; asked again, the rotation answers with the current share."""
    _, pending = device.open(await device.call("POST", "/rotation", Rotate(v=1)))
    answers = await asyncio.gather(*(device.call("POST", "/rotation/commit", _commit(device, 1)) for _ in range(4)))
    sealed, after = device.open(await device.call("POST", "/rotation", Rotate(v=1)))

    assert [answer.status_code for answer in answers] == [204] * 4
    assert (sealed.v, after.shares) == (1, pending.shares[1:])


async def test_old_salt_is_gone(device: Device) -> None:
    """After a commit the salt before it is deleted."""
    for version in (1, 2, 3):
        device.open(await device.call("POST", "/rotation", Rotate(v=version)))
        assert (await device.call("POST", "/rotation/commit", _commit(device, version))).status_code == 204
    async with device.host.app.state.db.transaction("test") as tx:
        rows = await tx.run("SELECT version FROM salt")

    assert [row["version"] for row in rows] == [3]


async def test_refused_versions(device: Device) -> None:
    """Only the next version can be rotated to, and only a pending one committed."""
    answers = [await device.call("POST", "/rotation", Rotate(v=version)) for version in (-1, 2, 2**40)]
    answers += [await device.call("POST", "/rotation/commit", _commit(device, version)) for version in (1, 2)]

    assert [problem(answer) for answer in answers] == [(409, "version-refused")] * 5
    assert [answer.json()["current"] for answer in answers] == [0] * 5


async def test_refused_receipt(device: Device) -> None:
    """A receipt is the keyvault's, for this session, version and bundle."""
    device.open(await device.call("POST", "/rotation", Rotate(v=1)))
    good = _commit(device, 1)
    own = sign_receipt(device.world.keys["identity"].signing, device.jkt, 1, b"sealed")
    commits = [
        _commit(device, 1, jkt=bytes(32)),
        good.model_copy(update={"bundle_hash": bytes(32)}),
        good.model_copy(update={"v": 0}),
        good.model_copy(update={"v": -1}),
        good.model_copy(update={"receipt": own}),
    ]
    answers = [await device.call("POST", "/rotation/commit", commit) for commit in commits]

    assert [problem(answer) for answer in answers] == [(400, "receipt-refused")] * 5


async def test_needs_a_release(device: Device) -> None:
    """A session that was not released to rotates and commits nothing."""
    other = device.member.device()
    answers = [
        await other.call("POST", "/rotation", Rotate(v=1)),
        await other.call("POST", "/rotation/commit", _commit(other, 1)),
    ]

    assert [problem(answer) for answer in answers] == [(403, "not-released")] * 2


async def test_commit_needs_the_stored_bundle(keyvault: Host) -> None:
    """The keyvault itself commits only to the bundle that it stores."""
    device = await _device(keyvault)
    device.open(await device.call("POST", "/rotation", Rotate(v=1)))
    missing = await device.call("POST", "/rotation/commit", _commit(device, 1))
    await device.call("PUT", "/bundles/1", PutBundle(bundle=os.urandom(SEALED_BYTES)))
    other = await device.call("POST", "/rotation/commit", _commit(device, 1))
    receipt = BundleReceipt.model_validate((await device.call("POST", "/bundles/1/receipt")).json())
    stored = await device.call("POST", "/rotation/commit", Commit(**dict(receipt)))

    assert [problem(answer) for answer in (missing, other)] == [(404, "bundle-unknown")] * 2
    assert stored.status_code == 204


async def test_session_of_another_member(device: Device) -> None:
    """A gateway that names somebody else in the tokens of a released session gets nothing of that member, and changes nothing."""
    victim = Member(device.host, "fictional-victim")
    await (await Registrar(device.host).opened()).enrol(victim)
    victims = victim.device()
    victims.open(await victims.release())
    victims.open(await victims.call("POST", "/rotation", Rotate(v=1)))
    token = device.token(ref=victim.ref)
    answers = [await device.call("POST", "/rotation", Rotate(v=version), token=token) for version in (0, 1)]
    answers.append(await device.call("POST", "/rotation/commit", _commit(device, 1), token=token))
    _, after = victims.open(await victims.call("POST", "/rotation", Rotate(v=0)))

    assert [problem(answer) for answer in answers] == [(403, "not-released")] * 3
    assert [share.v for share in after.shares] == [0, 1]
