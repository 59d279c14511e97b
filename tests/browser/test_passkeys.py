"""Passkeys as a real browser makes them, against a real authority."""

import os

import pytest
from browser.conftest import Maker
from protocol.encoding import b64u, unb64u
from protocol.messages.release import PasskeyEvidence, Release
from protocol.messages.verifiers import Addition, PasskeyVerifier
from support.authorities import Device, Host, Member, Registrar, problem
from support.ways_in import LABEL, added, group, signed_in

RP_ID = "localhost"


@pytest.fixture
async def member(browser: Maker, keyvault: Host) -> Member:
    """Return an employee who added a passkey of the browser's."""
    member = Member(keyvault)
    assert (await (await Registrar(keyvault).opened()).enrol(member)).status_code == 200
    await browser.at(browser.portal)
    made = await browser.call("register", RP_ID, "required")
    verifier = PasskeyVerifier(credential_id=unb64u(made["id"]), public_key=unb64u(made["publicKey"]))
    await added(await signed_in(member), group, Addition(id=os.urandom(16), verifier=verifier, label=LABEL))
    return member


async def request(browser: Maker, device: Device, user_verification: str = "required") -> Release:
    """Let the browser prove a statement."""
    statement = device.statement()
    evidence = PasskeyEvidence.model_validate(await browser.call("prove", RP_ID, b64u(statement.h), user_verification))
    return Release(statement=statement.raw, evidence=evidence, hpke=device.hpke.public_bytes)


async def test_a_browsers_passkey_opens(browser: Maker, member: Member) -> None:
    """The browser finds the credential by itself, verifies its user, and what it signs is evidence."""
    device = member.device()

    assert (await device.release(await request(browser, device))).status_code == 200


async def test_made_on_another_origin(browser: Maker, member: Member) -> None:
    """Another origin with the same relying party id can use the credential, and its evidence is refused."""
    await browser.at(browser.elsewhere)
    device = member.device()

    assert problem(await device.release(await request(browser, device))) == (403, "evidence-refused")


async def test_user_not_verified(browser: Maker, member: Member) -> None:
    """A page that asks for no verification gets an assertion without it, which is refused."""
    await browser.set_user_verified(False)
    device = member.device()

    assert problem(await device.release(await request(browser, device, "discouraged"))) == (403, "evidence-refused")


async def test_evidence_for_another_session(browser: Maker, member: Member) -> None:
    """What was signed for one session's keys opens nothing for another's."""
    device, thief = member.device(), member.device()
    stolen = await request(browser, device)

    assert problem(await thief.release(stolen)) == (400, "statement-refused")
