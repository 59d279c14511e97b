"""Somebody found letters that are over, and runs the gateway: none of them may open anything.

Two letters of each member: the first signs the member in and is used up by the card that they add, the second has expired. Another
member's letter was withdrawn before anybody used it.
"""

import asyncio
import os
from dataclasses import dataclass

from protocol.code import Code
from protocol.messages.release import CodeEvidence, Release
from protocol.names import AUTHORITIES, AuthorityName

from drill.attack import Live
from drill.correspondence import DAY_S, enrol_letters, withdraw_letters
from drill.criteria import Outcome, exact
from drill.minting import Device, Mint
from drill.people import Someone
from drill.truth import Truth
from drill.ways import Way, by_code, new_card
from drill.world import World

_VICTIMS = 4
_AT_ONCE = 8
_TARGETS: tuple[AuthorityName, ...] = ("keyvault", "identity")


@dataclass(frozen=True)
class _Found:
    """What the attacker found of a pair of members."""

    victim: Someone
    used: Code
    expired: Code
    other: Someone
    withdrawn: Code


def _of_another_host(code: Code) -> Way:
    """The handle and the signature that the gateway is shown, at a host that knows others."""

    def prove(_host: AuthorityName, h: bytes) -> CodeEvidence:
        keys = code.keys("gateway")
        return CodeEvidence(handle=keys.handle, signature=keys.sign(h))

    return prove


async def _letters(world: World, victims: list[Someone], others: list[Someone]) -> list[_Found]:
    found = [_Found(one, Code.fresh(), Code.fresh(), other, Code.fresh()) for one, other in zip(victims, others, strict=True)]
    workstation = world.workstation
    window = await workstation.open("enrol", AUTHORITIES)
    codes = {each.victim.number: [(each.used, DAY_S), (each.expired, -1)] for each in found}
    codes |= {each.other.number: [(each.withdrawn, DAY_S)] for each in found}
    await enrol_letters(workstation, window, [*victims, *others], codes)
    await withdraw_letters(workstation, window, others)
    return found


async def _many_at_once(mint: Mint, found: _Found, host: AuthorityName) -> bool:
    """Return whether one evidence, in several sessions at one instant, gave more than one release."""
    device, ref = Device(), found.victim.refs[host]
    statement = mint.statement(device)
    evidence = by_code(found.used)(host, statement.h)
    body = Release(statement=statement.raw, evidence=evidence, hpke=device.hpke.public_bytes)
    sessions = [device.again() for _ in range(_AT_ONCE)]
    answers = await asyncio.gather(*(mint.call(session, host, ref, "POST", "/release", body) for session in sessions))
    return sum(answer.is_success for answer in answers) > 1


async def _opens(mint: Mint, host: AuthorityName, someone: Someone, way: Way) -> bool:
    device = Device()
    body = mint.release(device, host, way)
    return (await mint.call(device, host, someone.refs[host], "POST", "/release", body)).is_success


async def _won(mint: Mint, found: _Found) -> bool:
    """Return whether a letter that is over, or one letter twice, released anything."""
    won = [await _many_at_once(mint, found, host) for host in _TARGETS]
    won += [await _opens(mint, host, found.victim, _of_another_host(found.used)) for host in _TARGETS]
    device = Device()
    await mint.sign_in(device, found.victim, by_code(found.used))
    await mint.add(device, found.victim, by_code(found.used), new_card(Code(os.urandom(16))))
    for host in _TARGETS:
        won += [await _opens(mint, host, found.victim, by_code(code)) for code in (found.used, found.expired)]
        won.append(await _opens(mint, host, found.other, by_code(found.withdrawn)))
    return any(won)


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    mint = Mint(world)
    letters = await _letters(world, world.victims(_VICTIMS), world.victims(_VICTIMS))
    return exact(sum([await _won(mint, found) for found in letters]), len(letters), "members whose letter opened after it was over")


ATTACK = Live(
    "letter-reuse",
    "Letters that are used up, expired, withdrawn or of another host ask for releases, and one asks in many sessions at once.",
    ("gateway",),
    _run,
)
