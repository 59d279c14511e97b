"""A live gateway tries to have a way in of its own stored while a member adds one.

It sees its own part of the change, holds the token key, and the network is its own: what the member sends to keyvault and identity
arrives as it likes (a proof names method and address, not the body). The member proves with a passkey: one assertion for all three.
An accomplice is signed in honestly.
"""

import os
from collections.abc import Mapping

import httpx
from protocol.code import Code
from protocol.encoding import b64u
from protocol.messages.verifiers import AuthorisedChange, ConfirmVerifier, parse_change, stored_message
from protocol.names import AUTHORITIES, AuthorityName
from protocol.signing import Signer
from support.software_authenticator import SoftwareAuthenticator

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.minting import Device, Mint
from drill.people import Someone
from drill.seized_keys import authority_keys
from drill.truth import Truth
from drill.ways import by_code, by_passkey, new_card, new_passkey
from drill.world import World

_VICTIMS = 4
_TARGETS: tuple[AuthorityName, ...] = ("keyvault", "identity")


async def _adding(mint: Mint, victim: Someone) -> tuple[Device, Mapping[AuthorityName, AuthorisedChange]]:
    """Let a member sign in, add a passkey, and prove with it that a card is to be added: sent to nobody but the gateway."""
    world, device, phone = mint.world, Device(), SoftwareAuthenticator()
    first = by_code(world.wallets[victim.number].letter)
    await mint.sign_in(device, victim, first)
    await mint.add(device, victim, first, new_passkey(world.deployment, phone))
    sent = mint.authorised(device, by_passkey(world.deployment, phone), new_card(Code.fresh()))
    return device, sent


def _altered(host: AuthorityName, sent: Mapping[AuthorityName, AuthorisedChange]) -> list[AuthorisedChange]:
    """Return changes of the attacker's on the member's statement and evidence."""
    seen = sent["gateway"]
    card = new_card(Code.fresh())
    own = card[host].model_dump_json(exclude_none=True).encode()
    hashes = {other: os.urandom(32) for other in AUTHORITIES if other != host}
    return [
        seen.model_copy(update={"change": own, "others": sent[host].others}),
        seen.model_copy(update={"change": own, "others": hashes}),
        # The gateway's own part, which the member did mean, but not for this host.
        seen.model_copy(update={"others": sent[host].others}),
        seen.model_copy(update={"others": {**hashes, "gateway": seen.others[host]}}),
    ]


async def _stored(mint: Mint, signing: Signer, victim: Someone, insider: Device) -> bool:
    """Return whether keyvault or identity took anything of the attacker's for this member."""
    device, sent = await _adding(mint, victim)
    own = Device(sids=device.sids)
    answers: list[httpx.Response] = []
    for host in _TARGETS:
        ref = victim.refs[host]
        changes = _altered(host, sent)
        for caller in (own, insider, device):
            answers += [await mint.call(caller, host, ref, "POST", "/verifiers/changes", change) for change in changes]
        # The member's card, which this host never heard of, counted on the gateway's word in the place of everybody's.
        added = parse_change(sent["gateway"].change).id
        receipt = signing.sign(stored_message("gateway", device.jkt, added))
        confirm = ConfirmVerifier(receipts=dict.fromkeys(AUTHORITIES, receipt))
        answers.append(await mint.call(device, host, ref, "POST", f"/verifiers/{b64u(added)}/confirmation", confirm))
    return any(answer.is_success for answer in answers)


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    mint = Mint(world)
    accomplice, *victims = world.victims(1 + _VICTIMS)
    insider, signing = Device(), authority_keys(world, "gateway").signing
    await mint.sign_in(insider, accomplice, by_code(world.wallets[accomplice.number].letter))
    won = sum([await _stored(mint, signing, victim, insider) for victim in victims])
    return exact(won, len(victims), "members for whom a way in of the gateway's was stored")


ATTACK = Live(
    "verifier-swap",
    "While a member adds a card, the gateway sends other changes, other hashes and other keys on the member's evidence.",
    ("gateway",),
    _run,
)
