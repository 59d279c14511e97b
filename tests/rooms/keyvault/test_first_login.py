"""From enrolment to logoff at the keyvault, and at identity: what a member's device and the registrar do with one authority."""

import os

from protocol.bundle import SEALED_BYTES
from protocol.encoding import sha256
from protocol.messages.enrolment import Enrolled, FirstBundle, StoreBundles, enrolment_info, enrolment_signed
from protocol.messages.release import BundleReceipt, Commit, PutBundle, Rotate
from protocol.signing import verify
from support.authorities import Host, Member, Registrar, problem


async def test_first_login(keyvault: Host) -> None:
    """Enrol, store a bundle, release, rotate, store the next bundle, commit, release anew, log off."""
    registrar = await Registrar(keyvault).opened()
    member = Member(keyvault)
    answer = await registrar.enrol(member)
    enrolled = Enrolled.model_validate(answer.json())
    info = enrolment_info("keyvault", registrar.window, answer.request.content)
    verify(keyvault.world.keys["keyvault"].signing.public_bytes, enrolled.signature, enrolment_signed(enrolled.sealed, info))
    first_share = registrar.hpke.open(enrolled.sealed, info)
    bundles = [os.urandom(SEALED_BYTES) for _ in range(2)]
    stored = await registrar.post("/bundles", StoreBundles(rows=(FirstBundle(ref=member.ref, bundle=bundles[0]),)))
    assert stored.status_code == 204

    device = member.device()
    sealed, part = device.open(await device.release())
    assert [sealed.v, sealed.exp, sealed.ref] == [0, keyvault.world.now + 8 * 3600, member.ref]
    assert [(share.v, share.share) for share in part.shares] == [(0, first_share)]
    assert [(each.v, each.bundle) for each in part.bundles] == [(0, bundles[0])]

    _, pending = device.open(await device.call("POST", "/rotation", Rotate(v=1)))
    assert [share.v for share in pending.shares] == [0, 1]
    put = await device.call("PUT", "/bundles/1", PutBundle(bundle=bundles[1]))
    again = await device.call("PUT", "/bundles/1", PutBundle(bundle=bundles[1]))
    assert [put.status_code, again.status_code] == [201, 200]
    assert (await device.call("GET", "/bundles/1")).json()["v"] == 1
    receipt = BundleReceipt.model_validate((await device.call("POST", "/bundles/1/receipt")).json())
    assert receipt.bundle_hash == sha256(bundles[1])

    commits = [await device.call("POST", "/rotation/commit", Commit(**dict(receipt))) for _ in range(2)]
    assert [commit.status_code for commit in commits] == [204, 204]

    later = member.device()
    sealed, part = later.open(await later.release())
    assert sealed.v == 1
    assert part.shares == pending.shares[1:]
    assert [(each.v, each.bundle) for each in part.bundles] == [(1, bundles[1])]

    assert (await later.call("DELETE", "/session")).status_code == 204
    assert problem(await later.release()) == (401, "session-ended")
    assert problem(await later.call("GET", "/bundles/1")) == (401, "session-ended")
