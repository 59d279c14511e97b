"""Bundles: inserted once by devices, replaced by the registrar only while nothing was released."""

import asyncio
import os

import pytest
from chassis.database import Database, drift
from keyvault.store import bundles as store
from protocol.bundle import SEALED_BYTES
from protocol.messages.enrolment import FirstBundle, StoreBundles
from protocol.messages.release import BundleReceipt, Commit, PutBundle, Rotate
from support.authorities import Device, Host, Member, Registrar, problem


def _bundle() -> bytes:
    return os.urandom(SEALED_BYTES)


@pytest.fixture
async def device(keyvault: Host) -> Device:
    """Return a device that was released to."""
    member = Member(keyvault)
    await (await Registrar(keyvault).opened()).enrol(member)
    device = member.device()
    device.open(await device.release())
    return device


async def test_two_devices_at_once(device: Device) -> None:
    """Of different bundles at once exactly one is stored, and everybody reads that one."""
    bundles = [_bundle() for _ in range(6)]
    answers = await asyncio.gather(*(device.call("PUT", "/bundles/1", PutBundle(bundle=bundle)) for bundle in bundles))
    stored = [bundle for bundle, answer in zip(bundles, answers, strict=True) if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    read = (await device.call("GET", "/bundles/1")).json()

    assert [problem(answer) for answer in refused] == [(409, "bundle-exists")] * 5
    assert [PutBundle(bundle=bundle).model_dump(mode="json")["bundle"] for bundle in stored] == [read["bundle"]]


async def test_versions(device: Device) -> None:
    """Only the current and the next version are written, read and receipted."""
    put = await device.call("PUT", "/bundles/2", PutBundle(bundle=_bundle()))
    get = [await device.call("GET", f"/bundles/{version}") for version in (0, 1, 2)]
    receipt = await device.call("POST", "/bundles/1/receipt")

    assert problem(put) == (409, "version-refused")
    assert [problem(answer) for answer in (*get, receipt)] == [(404, "bundle-unknown")] * 4


async def test_old_bundles_go(device: Device) -> None:
    """When a version is committed the bundle two versions before it is dropped."""
    for version in (1, 2, 3):
        device.open(await device.call("POST", "/rotation", Rotate(v=version)))
        await device.call("PUT", f"/bundles/{version}", PutBundle(bundle=_bundle()))
        receipt = BundleReceipt.model_validate((await device.call("POST", f"/bundles/{version}/receipt")).json())
        assert (await device.call("POST", "/rotation/commit", Commit(**dict(receipt)))).status_code == 204
    async with device.host.app.state.db.transaction("test") as tx:
        rows = await tx.run("SELECT version FROM bundle ORDER BY version")

    assert [row["version"] for row in rows] == [2, 3]
    assert problem(await device.call("GET", "/bundles/2")) == (404, "bundle-unknown")


async def test_sizes(device: Device) -> None:
    """All bundles have one size."""
    member = Member(device.host, "fictional-other")
    registrar = await Registrar(device.host).opened()
    await registrar.enrol(member)
    put = await device.call("PUT", "/bundles/1", PutBundle(bundle=b"short"))
    first = await registrar.post("/bundles", StoreBundles(rows=(FirstBundle(ref=member.ref, bundle=b"short"),)))

    assert [problem(answer) for answer in (put, first)] == [(400, "bundle-size"), (400, "rows-refused")]


async def test_needs_a_release(device: Device) -> None:
    """A session that was not released to has no bundles."""
    other = device.member.device()
    answers = [
        await other.call("PUT", "/bundles/1", PutBundle(bundle=_bundle())),
        await other.call("GET", "/bundles/1"),
        await other.call("POST", "/bundles/1/receipt"),
    ]

    assert [problem(answer) for answer in answers] == [(403, "not-released")] * 3


async def test_first_bundles(keyvault: Host) -> None:
    """The registrar replaces version 0 until the member was released to; unknown references are named."""
    registrar = await Registrar(keyvault).opened()
    member = Member(keyvault)
    await registrar.enrol(member)
    bundles = [_bundle() for _ in range(3)]

    def rows(bundle: bytes) -> StoreBundles:
        return StoreBundles(rows=(FirstBundle(ref=member.ref, bundle=bundle),))

    stored = [await registrar.post("/bundles", rows(bundle)) for bundle in bundles[:2]]
    device = member.device()
    _, part = device.open(await device.release())
    late = await registrar.post("/bundles", rows(bundles[2]))
    unknown = await registrar.post("/bundles", StoreBundles(rows=(FirstBundle(ref=bytes(16), bundle=_bundle()),)))

    assert [answer.status_code for answer in stored] == [204, 204]
    assert [each.bundle for each in part.bundles] == [bundles[1]]
    assert [problem(answer) for answer in (late, unknown)] == [(409, "already-released"), (404, "reference-unknown")]
    assert [answer.json()["rows"] for answer in (late, unknown)] == [[0], [0]]


async def test_drift(keyvault: Host) -> None:
    """The store's table is that of the migration."""
    db = await Database.open(keyvault.urls.runtime_url)

    assert await drift(db, store.metadata) == []
    await db.close()


async def test_session_of_another_member(device: Device) -> None:
    """A gateway that names somebody else in the tokens of a released session reads and writes no bundle of that member."""
    registrar = await Registrar(device.host).opened()
    victim = Member(device.host, "fictional-victim")
    await registrar.enrol(victim)
    await registrar.post("/bundles", StoreBundles(rows=(FirstBundle(ref=victim.ref, bundle=_bundle()),)))
    token = device.token(ref=victim.ref)
    answers = [
        await device.call("GET", "/bundles/0", token=token),
        await device.call("PUT", "/bundles/1", PutBundle(bundle=_bundle()), token=token),
        await device.call("POST", "/bundles/0/receipt", token=token),
        await device.call("POST", "/rotation", Rotate(v=1), token=token),
    ]
    async with device.host.app.state.db.transaction("test") as tx:
        rows = await tx.run("SELECT version FROM bundle WHERE ref = $1", victim.ref)

    assert [problem(answer) for answer in answers] == [(403, "not-released")] * 4
    assert [row["version"] for row in rows] == [0]
