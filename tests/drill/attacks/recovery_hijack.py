"""A live gateway tries to bring a recovery about, and whoever took a recovery's letter from the post uses it before its day.

The gateway has seen its own call of the registrar's window, holds the token key, and the network is its own: a registrar's call to
another host it can send again, and in a member's own call it can put another body.
"""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from protocol.code import Code
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint
from protocol.messages.life_events import Recover, Recovery
from protocol.messages.verifiers import AuthorisedChange, Cancellation, Removal, Verifiers
from protocol.names import AUTHORITIES, AuthorityName

from drill.attack import Live
from drill.correspondence import recovering, subjects
from drill.criteria import Outcome, exact
from drill.minting import Change, Device, Mint
from drill.people import Someone
from drill.truth import Truth
from drill.ways import by_code, letter, new_card
from drill.workstation import Window
from drill.world import World

_VICTIMS = 4
_TARGETS: tuple[AuthorityName, ...] = ("keyvault", "identity")


@dataclass(frozen=True)
class _Case:
    """A member with a card whose recovery waits, and everything that the attacker has of it."""

    mint: Mint
    victim: Someone
    device: Device
    card: Code
    waiting: Code
    window: Window

    async def verifiers(self, host: AuthorityName) -> Verifiers:
        """Return what the host keeps of the member's ways in."""
        answer = await self.mint.call(self.device, host, self.victim.refs[host], "GET", "/verifiers")
        return Verifiers.model_validate_json(answer.raise_for_status().content)


async def _case(mint: Mint, victim: Someone) -> _Case:
    world, device, card, waiting = mint.world, Device(), Code.fresh(), Code.fresh()
    first = by_code(world.wallets[victim.number].letter)
    await mint.sign_in(device, victim, first)
    await mint.add(device, victim, first, new_card(card))
    window = await world.workstation.open("recover", AUTHORITIES, subjects=subjects([victim]))
    await recovering(world.workstation, [victim], {victim.number: waiting}, window)
    return _Case(mint, victim, device, card, waiting, window)


async def _early(case: _Case, host: AuthorityName) -> list[httpx.Response]:
    """Use the letter before its day: for a release, and to cancel and remove what is the member's in the member's own call."""
    mint, ref, way = case.mint, case.victim.refs[host], by_code(case.waiting)
    own = Device()
    answers = [await mint.call(own, host, ref, "POST", "/release", mint.release(own, host, way))]
    for one in (await case.verifiers(host)).verifiers:
        change: Change = Removal(id=one.id) if one.not_before is None else Cancellation(id=one.id)
        for caller in (own, case.device):
            said = _on_letter(case, caller, change)
            answers.append(await mint.call(caller, host, ref, "POST", "/verifiers/changes", said[host]))
    return answers


def _on_letter(case: _Case, caller: Device, change: Change) -> Mapping[AuthorityName, AuthorisedChange]:
    return case.mint.authorised(caller, by_code(case.waiting), dict.fromkeys(AUTHORITIES, change))


async def _brought_about(case: _Case, host: AuthorityName) -> list[httpx.Response]:
    """Ask for a recovery to the attacker's own letter, in the window with an own key and in a window that was prolonged for it."""
    workstation, window, victim = case.mint.world.workstation, case.window, case.victim
    own = letter(host, Code.fresh(), os.urandom(16), int(time.time()) + 3600)
    # The gateway's proof that the window is about this member: it has no other.
    seen = window.proof("gateway", victim.refs["gateway"])
    wanted = Recover(rows=(Recovery(ref=victim.refs[host], subject=seen, verifiers=(own,)),))
    key = generate_p256()
    manifest = {**json.loads(window.signed.raw), "request_jkt": b64u(thumbprint(key)), "expires": int(time.time()) + 11 * 3600}
    opening = window.opening.model_copy(update={"manifest": json.dumps(manifest).encode()})
    return [
        await workstation.opened(host, opening),
        await workstation.call(window, host, "/recoveries", wanted, key=key),
        *[await workstation.again(sent, host) for sent in window.sent],
    ]


async def _waits_until(case: _Case, host: AuthorityName) -> int | None:
    return next((one.not_before for one in (await case.verifiers(host)).verifiers if one.not_before is not None), None)


async def _won_at(case: _Case, host: AuthorityName) -> bool:
    """Return whether anything of the attacker's was taken, the recovery's day moved, or the member's cancellation was undone."""
    until = await _waits_until(case, host)
    answers = [*await _early(case, host), *await _brought_about(case, host)]
    moved = await _waits_until(case, host) != until
    for one in (await case.verifiers(host)).verifiers:
        if one.not_before is not None:
            said = case.mint.authorised(case.device, by_code(case.card), dict.fromkeys(AUTHORITIES, Cancellation(id=one.id)))
            await case.mint.call(case.device, host, case.victim.refs[host], "POST", "/verifiers/changes", said[host])
    answers += await _brought_about(case, host)
    undone = await _waits_until(case, host) is not None
    return moved or undone or any(answer.is_success for answer in answers)


async def _won(mint: Mint, victim: Someone) -> bool:
    case = await _case(mint, victim)
    return any([await _won_at(case, host) for host in _TARGETS])


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    mint = Mint(world)
    victims = world.victims(_VICTIMS)
    return exact(sum([await _won(mint, one) for one in victims]), len(victims), "members whose recovery the attacker used or moved")


ATTACK = Live(
    "recovery-hijack",
    "The gateway asks for recoveries, and a stolen recovery letter is used before its day, to sign in and to throw the member out.",
    ("gateway",),
    _run,
)
