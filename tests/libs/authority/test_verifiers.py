"""Ways to sign in, added, confirmed, listed and removed on their member's word."""

import asyncio
import os
from datetime import timedelta

import pytest
from protocol.code import Code
from protocol.encoding import b64u
from protocol.messages.enrolment import Enrol
from protocol.messages.release import Evidence
from protocol.messages.verifiers import Cancellation, ConfirmVerifier, Removal, VerifierChanged, stored_message
from protocol.names import AUTHORITIES
from protocol.signing import verify
from support.authorities import Device, Host, Member, Registrar, problem
from support.software_authenticator import SoftwareAuthenticator
from support.ways_in import (
    added,
    authorised,
    by_code,
    by_passkey,
    card,
    change,
    confirmed,
    enrolled_by_letter,
    group,
    listed,
    passkey,
    release_by,
    signed_in,
)

PIN = "fictional-pin"


@pytest.fixture
async def device(keyvault: Host) -> Device:
    """Return a signed-in employee's device."""
    member = Member(keyvault)
    assert (await (await Registrar(keyvault).opened()).enrol(member)).status_code == 200
    return await signed_in(member)


async def test_added_listed_confirmed(device: Device) -> None:
    """A new verifier stands in the list at once, and counts once all three store it."""
    wanted = card(device.host, Code.fresh(), PIN)
    answer = VerifierChanged.model_validate((await change(device, group, wanted)).json())
    before = {one.id: (one.kind, one.confirmed) for one in (await listed(device)).verifiers}
    assert (await confirmed(device, wanted.id)).status_code == 204
    after = {one.id: (one.kind, one.confirmed) for one in (await listed(device)).verifiers}

    assert before == {device.member.verifier_id: ("oidc", True), wanted.id: ("card", False)}
    assert after == {**before, wanted.id: ("card", True)}
    assert answer.stored is not None
    pinned = device.world.keys[device.host.name].signing.public_bytes
    verify(pinned, answer.stored.receipt, stored_message(device.host.name, device.jkt, wanted.id))


async def test_a_letter_is_used_up_by_a_confirmed_verifier(keyvault: Host) -> None:
    """An unconfirmed verifier leaves the letter alive: another authority may not have stored it."""
    code, phone = Code.fresh(), SoftwareAuthenticator()
    member = await enrolled_by_letter(keyvault, code)
    first = await signed_in(member, by_code(code))
    wanted = passkey(keyvault, phone)
    assert (await change(first, by_code(code), wanted)).status_code == 200
    second = await signed_in(member, by_code(code))
    assert (await confirmed(second, wanted.id)).status_code == 204
    late = member.device()

    assert problem(await late.release(release_by(late, by_code(code)))) == (403, "evidence-refused")
    await signed_in(member, by_passkey(phone))


async def test_a_confirmation_needs_all_three(device: Device) -> None:
    """Receipts of two, or of another session, verifier or host confirm nothing."""
    wanted = card(device.host, Code.fresh(), PIN)
    await change(device, group, wanted)
    sign = {host: keys.signing.sign for host, keys in device.world.keys.items()}
    good = {host: sign[host](stored_message(host, device.jkt, wanted.id)) for host in AUTHORITIES}
    bad = [
        {host: good[host] for host in AUTHORITIES[:2]},
        {**good, "identity": sign["identity"](stored_message("identity", bytes(32), wanted.id))},
        {**good, "identity": sign["identity"](stored_message("identity", device.jkt, bytes(16)))},
        {**good, "identity": good["keyvault"]},
        {**good, "identity": sign["keyvault"](stored_message("identity", device.jkt, wanted.id))},
    ]
    path = f"/verifiers/{b64u(wanted.id)}/confirmation"
    answers = [await device.call("POST", path, ConfirmVerifier(receipts=receipts)) for receipts in bad]

    assert [problem(answer) for answer in answers] == [(400, "receipt-refused")] * 5
    assert [one.confirmed for one in (await listed(device)).verifiers if one.id == wanted.id] == [False]


async def test_the_same_change_again(device: Device) -> None:
    """A change whose answer was lost is answered again, and uses nothing up; the same evidence serves no other change."""
    wanted = authorised(device, group, card(device.host, Code.fresh(), PIN))
    answers = await asyncio.gather(*(device.call("POST", "/verifiers/changes", wanted) for _ in range(4)))
    other = wanted.model_copy(update={"change": card(device.host, Code.fresh(), PIN).model_dump_json().encode()})

    assert [answer.status_code for answer in answers] == [200] * 4
    assert problem(await device.call("POST", "/verifiers/changes", other)) == (400, "change-refused")


async def test_what_was_removed_is_not_added_again(device: Device) -> None:
    """The member's word for an addition, sent again by whoever kept it, brings nothing back that was removed since."""
    wanted = card(device.host, Code.fresh(), PIN)
    said = authorised(device, group, wanted)
    answers = [
        await device.call("POST", "/verifiers/changes", said),
        await change(device, group, Removal(id=wanted.id)),
        await device.call("POST", "/verifiers/changes", said),
    ]

    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert problem(answers[2]) == (409, "evidence-replayed")
    assert [one.kind for one in (await listed(device)).verifiers] == ["oidc"]


async def test_what_a_statement_must_say(device: Device) -> None:
    """A change needs a statement of its purpose, about exactly this change, in this session, proved by the member."""
    wanted = card(device.host, Code.fresh(), PIN)
    answers = [
        await change(device, group, wanted, purpose="release"),
        await change(device, group, wanted, purpose="remove"),
        await change(device, group, wanted, body=b"another change"),
        await change(device, group, wanted, body=None),
        await change(device, group, wanted, jkt=bytes(32)),
        await change(device, by_code(Code.fresh()), wanted),
    ]

    assert [problem(answer) for answer in answers] == [
        (400, "statement-refused"),
        (400, "statement-refused"),
        (400, "change-refused"),
        (400, "change-refused"),
        (400, "statement-refused"),
        (403, "evidence-refused"),
    ]
    assert len((await listed(device)).verifiers) == 1


async def test_evidence_of_another_member_changes_nothing(device: Device) -> None:
    """Whoever is signed in as one member cannot add to another: evidence and session speak of one."""
    other = Member(device.host, "fictional-employee-2")
    assert (await (await Registrar(device.host).opened()).enrol(other)).status_code == 200

    def as_other(_asking: Device, h: bytes) -> Evidence:
        return group(other.device(), h)

    answer = await change(device, as_other, card(device.host, Code.fresh(), PIN))

    assert problem(answer) == (403, "evidence-refused")


async def test_without_a_release(device: Device) -> None:
    """A token alone, which the gateway could make, lists and changes nothing."""
    stranger = device.member.device()
    answers = [
        await stranger.call("GET", "/verifiers"),
        await change(stranger, group, card(device.host, Code.fresh(), PIN)),
        await confirmed(stranger, device.member.verifier_id),
    ]

    assert [problem(answer) for answer in answers] == [(403, "not-released")] * 3


async def test_the_last_way_in_stays(device: Device) -> None:
    """What remains must be confirmed, good for now, and no letter."""
    code = Code.fresh()
    wanted = card(device.host, code, PIN)
    first = await change(device, group, Removal(id=device.member.verifier_id))
    await change(device, group, wanted)
    second = await change(device, group, Removal(id=device.member.verifier_id))
    await confirmed(device, wanted.id)
    third = await change(device, group, Removal(id=device.member.verifier_id))
    last = await change(device, by_code(code, PIN), Removal(id=wanted.id))

    assert [problem(answer) for answer in (first, second, last)] == [(409, "last-verifier")] * 3
    assert third.status_code == 200
    assert [one.id for one in (await listed(device)).verifiers] == [wanted.id]


async def test_two_removals_at_once_leave_one(device: Device) -> None:
    """Two devices that each remove the other's way in cannot both succeed."""
    code = Code.fresh()
    wanted = card(device.host, code, PIN)
    await added(device, group, wanted)
    other = await signed_in(device.member, by_code(code, PIN))
    answers = await asyncio.gather(
        change(device, group, Removal(id=wanted.id)), change(other, by_code(code, PIN), Removal(id=device.member.verifier_id))
    )

    assert min(answer.status_code for answer in answers) == 200
    assert len((await listed(device)).verifiers) == 1


async def test_a_removed_verifier_opens_nothing(device: Device) -> None:
    """From the removal on it is as good as unknown; removing it again is fine."""
    code = Code.fresh()
    wanted = card(device.host, code, PIN)
    await added(device, group, wanted)
    answers = [await change(device, group, Removal(id=wanted.id)) for _ in range(2)]
    late = device.member.device()

    assert [answer.status_code for answer in answers] == [200, 200]
    assert problem(await late.release(release_by(late, by_code(code, PIN)))) == (403, "evidence-refused")


async def test_a_taken_verifier(device: Device) -> None:
    """An id stands for one verifier, and a verifier for one member."""
    code = Code.fresh()
    wanted = card(device.host, code, PIN)
    await added(device, group, wanted)
    other = Member(device.host, "fictional-employee-2")
    assert (await (await Registrar(device.host).opened()).enrol(other)).status_code == 200
    twice = wanted.model_copy(update={"id": os.urandom(16)})
    another = card(device.host, Code.fresh(), PIN).model_copy(update={"id": wanted.id})
    answers = [
        await change(device, group, another),
        await change(device, group, twice),
        await change(await signed_in(other), group, twice),
    ]

    assert [problem(answer) for answer in answers] == [(409, "verifier-exists")] * 3


async def test_there_is_a_limit(device: Device) -> None:
    """Nobody fills an authority with verifiers."""
    for _ in range(19):
        answer = await change(device, group, passkey(device.host, SoftwareAuthenticator()))
        assert answer.status_code == 200, answer.text

    assert problem(await change(device, group, passkey(device.host, SoftwareAuthenticator()))) == (409, "verifiers-full")


async def test_a_passkey_that_can_never_verify(device: Device) -> None:
    """A public key that is none is refused when it is added, not when it is needed."""
    good = passkey(device.host, SoftwareAuthenticator())
    bad = good.model_copy(update={"verifier": good.verifier.model_copy(update={"public_key": b"\xa0"})})

    assert problem(await change(device, group, bad)) == (400, "change-refused")


async def test_a_guardians_verifiers_end_with_the_guardianship(keyvault: Host) -> None:
    """What a guardian adds to a child's account is a guardian's, and is refused when the child is of age."""
    code, pin_code = Code.fresh(), Code.fresh()
    comes_of_age = keyvault.world.now + 30 * 24 * 3600
    child = await enrolled_by_letter(keyvault, code, guardian_until=comes_of_age)
    device = await signed_in(child, by_code(code))
    wanted = card(keyvault, pin_code, PIN)
    await added(device, by_code(code), wanted)
    shown = [one.guardian_until for one in (await listed(device)).verifiers if one.id == wanted.id]
    keyvault.world.clock.advance(timedelta(days=30))
    late = child.device()

    assert shown == [comes_of_age]
    assert problem(await late.release(release_by(late, by_code(pin_code, PIN)))) == (403, "evidence-refused")


async def test_no_session_of_a_guardian_outlasts_the_guardianship(keyvault: Host) -> None:
    """Opened minutes before the child is of age, it reads and changes nothing afterwards; the part says so."""
    code, comes_of_age = Code.fresh(), keyvault.world.now + 300
    child = await enrolled_by_letter(keyvault, code, guardian_until=comes_of_age)
    device = child.device()
    answer = await device.release(release_by(device, by_code(code)))
    device.open(answer)
    keyvault.world.clock.advance(timedelta(seconds=300))

    assert answer.json()["exp"] == comes_of_age
    assert problem(await device.call("GET", "/verifiers")) == (403, "not-released")


async def test_a_guardian_opens_a_childs_account(keyvault: Host) -> None:
    """One subject at the provider is the employee's own way in and a way into each child's account, and no stranger's."""
    until = keyvault.world.now + 30 * 24 * 3600
    employee, child, stranger = (Member(keyvault, "fictional-employee-1") for _ in range(3))
    registrar = await Registrar(keyvault).opened()
    of_child = child.row().verifiers[0].model_copy(update={"guardian_until": until})
    rows = [employee.row(), child.row().model_copy(update={"verifiers": (of_child,)})]
    answer = await registrar.post("/enrolments", Enrol(rows=tuple(sorted(rows, key=lambda row: row.ref))))
    assert answer.status_code == 200, answer.text
    for member in (employee, child):
        await signed_in(member)
    asking = stranger.device()

    assert problem(await asking.release(release_by(asking, group))) == (403, "evidence-refused")


async def test_only_a_waiting_recovery_is_cancelled(device: Device) -> None:
    """Cancelling is not a way around the rule for removals."""
    code = Code.fresh()
    await added(device, group, card(device.host, code, PIN))

    assert problem(await change(device, group, Cancellation(id=device.member.verifier_id))) == (409, "not-a-recovery")


@pytest.mark.parametrize("verifier", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAA"], ids=["empty", "short", "long"])
async def test_an_id_that_is_none(device: Device, verifier: str) -> None:
    """A path without an id of 16 bytes is malformed."""
    answer = await device.call("POST", f"/verifiers/{verifier}/receipt")

    assert answer.status_code in {404, 422}


async def test_only_what_is_stored_is_vouched_for_and_confirmed(keyvault: Host) -> None:
    """Nobody gets a receipt for a way in that is not stored here, or another member's; confirming it leaves the letter alive."""
    code = Code.fresh()
    member = await enrolled_by_letter(keyvault, code)
    other = Member(keyvault, "fictional-employee-2")
    assert (await (await Registrar(keyvault).opened()).enrol(other)).status_code == 200
    device = await signed_in(member, by_code(code))
    unknown = [os.urandom(16), other.verifier_id]
    receipts = [await device.call("POST", f"/verifiers/{b64u(each)}/receipt") for each in unknown]
    confirmations = [await confirmed(device, each) for each in unknown]

    assert [problem(answer) for answer in (*receipts, *confirmations)] == [(404, "verifier-unknown")] * 4
    await signed_in(member, by_code(code))
