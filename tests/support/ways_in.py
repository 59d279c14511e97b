"""Ways to sign in, as tests of an authority use them: evidence by provider, code and passkey, and changes of verifiers."""

import os
from collections.abc import Callable
from typing import Any

import httpx
from protocol.code import Code
from protocol.encoding import b64u, sha256
from protocol.messages.base import Message
from protocol.messages.enrolment import Enrol, Enrolment
from protocol.messages.release import CodeEvidence, Evidence, OidcEvidence, PasskeyEvidence, Release
from protocol.messages.verifiers import (
    LABEL_BYTES,
    Addition,
    AuthorisedChange,
    Cancellation,
    CardVerifier,
    ConfirmVerifier,
    LetterVerifier,
    PasskeyVerifier,
    Removal,
    VerifierChanged,
    Verifiers,
    change_body,
    stored_message,
)
from protocol.names import AUTHORITIES
from support.authorities import Device, Host, Member, Registrar
from support.software_authenticator import SoftwareAuthenticator

Way = Callable[[Device, bytes], Evidence]
"""Makes evidence for a device over a statement's hash."""
LABEL = bytes(LABEL_BYTES)
DAY = 24 * 3600


def group(device: Device, h: bytes) -> Evidence:
    """The group's provider vouches."""
    return OidcEvidence(id_token=device.world.issuer.id_token(h, subject=device.member.subject))


def by_code(code: Code, pin: str | None = None) -> Way:
    """A letter, or a card with its PIN."""

    def prove(device: Device, h: bytes) -> Evidence:
        keys = code.keys(device.host.name, pin)
        return CodeEvidence(handle=keys.handle, signature=keys.sign(h))

    return prove


def by_passkey(authenticator: SoftwareAuthenticator) -> Way:
    """A passkey on the portal's origin."""

    def prove(device: Device, h: bytes) -> Evidence:
        portal = device.world.deployment.portal
        assert portal is not None
        made = authenticator.assertion(portal.rp_id, portal.origin, h)
        return PasskeyEvidence(
            credential_id=made.credential_id,
            authenticator_data=made.authenticator_data,
            client_data=made.client_data,
            signature=made.signature,
        )

    return prove


def release_by(device: Device, way: Way) -> Release:
    """The body of a release by this way."""
    statement = device.statement()
    return Release(statement=statement.raw, evidence=way(device, statement.h), hpke=device.hpke.public_bytes)


async def signed_in(member: Member, way: Way = group) -> Device:
    """A device of the member, released to."""
    device = member.device()
    device.open(await device.release(release_by(device, way)))
    return device


def letter(host: Host, code: Code, **facts: Any) -> LetterVerifier:
    """A letter as this authority is told of it."""
    keys = code.keys(host.name)
    known = {"id": os.urandom(16), "handle": keys.handle, "public_key": keys.public_bytes, "expires": host.world.now + 90 * DAY}
    return LetterVerifier(**{**known, **facts})


async def enrolled_by_letter(host: Host, code: Code, **facts: Any) -> Member:
    """A member without a work account, who was sent a letter."""
    member = Member(host)
    registrar = await Registrar(host).opened()
    answer = await registrar.post("/enrolments", Enrol(rows=(Enrolment(ref=member.ref, verifiers=(letter(host, code, **facts),)),)))
    assert answer.status_code == 200, answer.text
    return member


def card(host: Host, code: Code, pin: str) -> Addition:
    """A card to be added."""
    keys = code.keys(host.name, pin)
    return Addition(id=os.urandom(16), verifier=CardVerifier(handle=keys.handle, public_key=keys.public_bytes), label=LABEL)


def passkey(host: Host, authenticator: SoftwareAuthenticator) -> Addition:
    """A passkey to be added, newly made."""
    portal = host.world.deployment.portal
    assert portal is not None
    made = authenticator.credential(portal.rp_id)
    return Addition(
        id=os.urandom(16), verifier=PasskeyVerifier(credential_id=made.credential_id, public_key=made.public_key), label=LABEL
    )


def authorised(device: Device, way: Way, change: Addition | Removal | Cancellation, **facts: Any) -> AuthorisedChange:
    """A change on the member's word; what the other two are told is anything."""
    raw = change.model_dump_json(exclude_none=True).encode()
    others = {host: os.urandom(32) for host in AUTHORITIES if host != device.host.name}
    body = change_body({**others, device.host.name: sha256(raw)})
    statement = device.statement(**{"purpose": change.action, "body": body, **facts})
    return AuthorisedChange(statement=statement.raw, evidence=way(device, statement.h), change=raw, others=others)


async def change(device: Device, way: Way, wanted: Addition | Removal | Cancellation, **facts: Any) -> httpx.Response:
    """Ask for a change."""
    return await device.call("POST", "/verifiers/changes", authorised(device, way, wanted, **facts))


async def confirmed(device: Device, verifier: bytes) -> httpx.Response:
    """Show the receipts of all three."""
    keys = device.world.keys
    receipts = {host: keys[host].signing.sign(stored_message(host, device.jkt, verifier)) for host in AUTHORITIES}
    return await device.call("POST", f"/verifiers/{b64u(verifier)}/confirmation", ConfirmVerifier(receipts=receipts))


async def added(device: Device, way: Way, wanted: Addition) -> None:
    """Add a verifier and confirm it."""
    answer = await change(device, way, wanted)
    assert VerifierChanged.model_validate(answer.json()).stored is not None, answer.text
    assert (await confirmed(device, wanted.id)).status_code == 204


async def listed(device: Device) -> Verifiers:
    """The member's verifiers."""
    answer = await device.call("GET", "/verifiers")
    assert answer.status_code == 200, answer.text
    return Verifiers.model_validate(answer.json())


async def told(registrar: Registrar, path: str, message: Message) -> httpx.Response:
    """Make a call in the registrar's window and expect it to be done."""
    answer = await registrar.post(path, message)
    assert answer.is_success, answer.text
    return answer
