"""Evidence of every kind: what proves it, and what does not."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from protocol.code import Code
from protocol.encoding import lp, sha256
from protocol.messages.release import CodeEvidence, PasskeyEvidence
from support.authorities import Device, Host, Member, Registrar, problem
from support.software_authenticator import SoftwareAuthenticator
from support.ways_in import (
    DAY,
    Way,
    added,
    by_code,
    by_passkey,
    card,
    enrolled_by_letter,
    group,
    passkey,
    release_by,
    signed_in,
)

PIN = "fictional-pin"


@pytest.fixture
async def member(keyvault: Host) -> Member:
    """Return an employee."""
    member = Member(keyvault)
    assert (await (await Registrar(keyvault).opened()).enrol(member)).status_code == 200
    return member


async def released(member: Member, way: Way) -> Any:
    device = member.device()
    return await device.release(release_by(device, way))


def guessing(code: Code) -> Way:
    """Return a way that has the card's code and guesses its PIN: what it signs with is another key (stretching would take long)."""

    def prove(device: Device, _h: bytes) -> CodeEvidence:
        return CodeEvidence(handle=code.keys(device.host.name).handle, signature=os.urandom(64))

    return prove


async def test_a_letter_opens(keyvault: Host) -> None:
    """Whoever has the letter is released to, again and again until it is used up."""
    code = Code.fresh()
    member = await enrolled_by_letter(keyvault, code)
    answers = [await released(member, by_code(code)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]


async def test_a_letter_expires(keyvault: Host) -> None:
    """After 90 days a letter opens nothing."""
    code = Code.fresh()
    member = await enrolled_by_letter(keyvault, code)
    keyvault.world.clock.advance(timedelta(days=90))

    assert problem(await released(member, by_code(code))) == (403, "evidence-refused")


async def test_a_card_needs_its_pin(member: Member) -> None:
    """A card opens with its PIN, and with no other."""
    code = Code.fresh()
    device = await signed_in(member)
    await added(device, group, card(member.host, code, PIN))
    answers = [await released(member, by_code(code, pin)) for pin in (PIN, "another-pin", None)]

    assert [answer.status_code for answer in answers] == [200, 403, 403]


async def test_unknown_code_and_wrong_pin_look_alike(member: Member) -> None:
    """Nobody can tell whether a code exists: same answers, as often, to the byte."""
    code = Code.fresh()
    await added(await signed_in(member), group, card(member.host, code, PIN))
    ways = [guessing(code), guessing(Code.fresh())]
    wrong, unknown = [[await released(member, way) for _ in range(12)] for way in ways]

    assert [answer.text for answer in wrong] == [answer.text for answer in unknown]
    assert [problem(answer) for answer in wrong] == [(403, "evidence-refused")] * 10 + [(429, "too-many-tries")] * 2


async def test_guesses_at_one_instant_are_counted(member: Member) -> None:
    """Many guesses at once are no more than many guesses one after the other; the right PIN waits as well, other ways do not."""
    code = Code.fresh()
    await added(await signed_in(member), group, card(member.host, code, PIN))
    answers = await asyncio.gather(*(released(member, guessing(code)) for _ in range(30)))

    assert sorted(answer.status_code for answer in answers) == [403] * 10 + [429] * 20
    assert problem(await released(member, by_code(code, PIN))) == (429, "too-many-tries")
    assert (await released(member, group)).status_code == 200
    member.host.world.clock.advance(timedelta(seconds=DAY))
    assert (await released(member, by_code(code, PIN))).status_code == 200


async def test_right_pins_are_not_counted(member: Member) -> None:
    """Signing in often is not guessing."""
    code = Code.fresh()
    await added(await signed_in(member), group, card(member.host, code, PIN))
    answers = [await released(member, by_code(code, PIN)) for _ in range(12)]

    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize(
    "changed",
    [
        lambda code, host, h: (code.keys("gateway").handle, code.keys(host).sign(h)),
        lambda code, host, h: (code.keys(host).handle, code.keys("gateway").sign(h)),
        lambda code, host, _h: (code.keys(host).handle, code.keys(host).sign(bytes(32))),
        lambda code, host, h: (code.keys(host).handle, code.keys(host).key.sign(lp("statement", h))),
    ],
    ids=["handle-of-another-host", "key-of-another-host", "another-statement", "another-message"],
)
async def test_refused_code(keyvault: Host, changed: Callable[[Code, str, bytes], tuple[bytes, bytes]]) -> None:
    """A signature is by this host's key, over this statement, as a code's."""
    code = Code.fresh()
    member = await enrolled_by_letter(keyvault, code)

    def prove(device: Device, h: bytes) -> CodeEvidence:
        handle, signature = changed(code, device.host.name, h)
        return CodeEvidence(handle=handle, signature=signature)

    assert problem(await released(member, prove)) == (403, "evidence-refused")


async def test_a_passkey_opens(member: Member) -> None:
    """A passkey that was added is evidence."""
    phone = SoftwareAuthenticator()
    await added(await signed_in(member), group, passkey(member.host, phone))

    assert (await released(member, by_passkey(phone))).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        lambda phone, portal, h: phone.assertion(portal.rp_id, "https://evil.example", h),
        lambda phone, portal, _h: phone.assertion(portal.rp_id, portal.origin, sha256(b"another statement")),
        lambda phone, portal, h: SoftwareAuthenticator(False, False, phone.credentials).assertion(portal.rp_id, portal.origin, h),
        lambda phone, portal, h: SoftwareAuthenticator(True, True, phone.credentials).assertion(portal.rp_id, portal.origin, h),
    ],
    ids=["another-origin", "another-statement", "user-not-verified", "cross-origin"],
)
async def test_refused_passkey(member: Member, changed: Callable[..., Any]) -> None:
    """An assertion is made on the portal's own page, over this statement, by somebody who was verified."""
    phone = SoftwareAuthenticator()
    await added(await signed_in(member), group, passkey(member.host, phone))
    portal = member.host.world.deployment.portal

    def prove(_device: Device, h: bytes) -> PasskeyEvidence:
        made = changed(phone, portal, h)
        return PasskeyEvidence(
            credential_id=made.credential_id,
            authenticator_data=made.authenticator_data,
            client_data=made.client_data,
            signature=made.signature,
        )

    assert problem(await released(member, prove)) == (403, "evidence-refused")


async def test_a_passkey_that_was_never_added(member: Member) -> None:
    """A passkey of the portal that nobody added opens nothing, and is no verifier rather than a wrong signature."""
    phone = SoftwareAuthenticator()
    passkey(member.host, phone)
    answer = await released(member, by_passkey(phone))

    assert (problem(answer), answer.json()["reason"]) == ((403, "evidence-refused"), "verifier")


async def test_without_a_portal(member: Member) -> None:
    """Where the deployment has no portal any more, a passkey that was added there opens nothing."""
    phone = SoftwareAuthenticator()
    await added(await signed_in(member), group, passkey(member.host, phone))
    authority = member.host.app.state.authority
    alone = authority.deployment.model_copy(update={"portal": None})
    member.host.app.state.authority = replace(authority, evidence=replace(authority.evidence, deployment=alone))
    answer = await released(member, by_passkey(phone))

    assert (problem(answer), answer.json()["reason"]) == ((403, "evidence-refused"), "verifier")


async def test_another_relying_party(member: Member) -> None:
    """A credential of another site, with the right key, is refused for its site."""
    phone = SoftwareAuthenticator()
    addition = passkey(member.host, phone)
    await added(await signed_in(member), group, addition)
    portal = member.host.world.deployment.portal
    assert portal is not None
    stolen = {found: ("evil.example", handle, key) for found, (_, handle, key) in phone.credentials.items()}
    other = SoftwareAuthenticator(credentials=stolen)

    def prove(_device: Device, h: bytes) -> PasskeyEvidence:
        made = other.assertion("evil.example", portal.origin, h)
        facts = {name: getattr(made, name) for name in ("credential_id", "authenticator_data", "client_data", "signature")}
        return PasskeyEvidence(**facts)

    assert problem(await released(member, prove)) == (403, "evidence-refused")


async def test_a_strangers_passkey(member: Member) -> None:
    """A passkey opens its own member's part, no other's."""
    other = Member(member.host, "fictional-employee-2")
    assert (await (await Registrar(member.host).opened()).enrol(other)).status_code == 200
    phone = SoftwareAuthenticator()
    await added(await signed_in(other), group, passkey(member.host, phone))

    assert problem(await released(member, by_passkey(phone))) == (403, "evidence-refused")


async def test_one_evidence_in_two_sessions(keyvault: Host) -> None:
    """A code's signature counts once, like every evidence."""
    code = Code.fresh()
    member = await enrolled_by_letter(keyvault, code)
    device = member.device()
    request = release_by(device, by_code(code))
    tokens = [device.token(sid=bytes([n]) * 16) for n in range(4)]
    answers = await asyncio.gather(*(device.release(request, token=token) for token in tokens))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
