"""Ways to sign in that the drill's members hold, and the evidence that each gives."""

import os
from collections.abc import Callable
from dataclasses import dataclass

import warifu
from protocol.code import Code
from protocol.deployment import Deployment
from protocol.messages.release import CodeEvidence, Evidence, PasskeyEvidence
from protocol.messages.verifiers import LABEL_BYTES, Addition, CardVerifier, LetterVerifier, PasskeyVerifier
from protocol.names import AUTHORITIES, AuthorityName
from support.platform_authenticator import PlatformAuthenticator
from support.software_authenticator import SoftwareAuthenticator

Way = Callable[[AuthorityName, bytes], Evidence]
"""Makes the evidence that one authority is shown for a statement's hash."""

PIN = "20260401"
"""Of every card in a drill: long enough to be searched for on disks."""


@dataclass
class Wallet:
    """What a member without a work account keeps at home."""

    letter: Code
    card: Code | None = None
    phone: PlatformAuthenticator | None = None
    waiting: Code | None = None
    """Letter of a recovery that has not taken effect."""

    @property
    def codes(self) -> list[tuple[Code, str | None]]:
        """All codes, each with its PIN if it has one."""
        cards = [] if self.card is None else [(self.card, PIN)]
        letters = [one for one in (self.letter, self.waiting) if one is not None]
        return [*((one, None) for one in letters), *cards]

    def way(self) -> warifu.Way:
        """Return how the member signs in: with what they have added, or the letter."""
        if self.card is not None:
            return warifu.CodeWay(self.card, PIN)
        if self.phone is not None:
            return warifu.Passkey(self.phone)
        return warifu.CodeWay(self.letter)


def by_code(code: Code, pin: str | None = None) -> Way:
    """A letter, or a card with its PIN."""

    def prove(host: AuthorityName, h: bytes) -> Evidence:
        keys = code.keys(host, pin)
        return CodeEvidence(handle=keys.handle, signature=keys.sign(h))

    return prove


def by_passkey(deployment: Deployment, phone: SoftwareAuthenticator) -> Way:
    """A passkey; one gesture gives the same assertion to all three."""
    portal = deployment.portal
    assert portal is not None
    made: dict[bytes, PasskeyEvidence] = {}

    def prove(_host: AuthorityName, h: bytes) -> Evidence:
        if h not in made:
            assertion = phone.assertion(portal.rp_id, portal.origin, h)
            made[h] = PasskeyEvidence(
                credential_id=assertion.credential_id,
                authenticator_data=assertion.authenticator_data,
                client_data=assertion.client_data,
                signature=assertion.signature,
            )
        return made[h]

    return prove


def letter(host: AuthorityName, code: Code, verifier_id: bytes, expires: int) -> LetterVerifier:
    """A letter as one authority is told of it."""
    keys = code.keys(host)
    return LetterVerifier(id=verifier_id, handle=keys.handle, public_key=keys.public_bytes, expires=expires)


def new_card(code: Code, pin: str | None = None) -> dict[AuthorityName, Addition]:
    """A card to be added, as each authority is told of it."""
    verifier_id = os.urandom(16)
    keys = {host: code.keys(host, pin) for host in AUTHORITIES}
    return {
        host: Addition(
            id=verifier_id,
            verifier=CardVerifier(handle=found.handle, public_key=found.public_bytes),
            label=bytes(LABEL_BYTES),
        )
        for host, found in keys.items()
    }


def new_passkey(deployment: Deployment, phone: SoftwareAuthenticator) -> dict[AuthorityName, Addition]:
    """A passkey to be added, newly made."""
    portal = deployment.portal
    assert portal is not None
    made = phone.credential(portal.rp_id)
    verifier = PasskeyVerifier(credential_id=made.credential_id, public_key=made.public_key)
    return dict.fromkeys(AUTHORITIES, Addition(id=os.urandom(16), verifier=verifier, label=bytes(LABEL_BYTES)))
