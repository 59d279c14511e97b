"""One authority is set back to yesterday's database, and whoever kept something from yesterday tries it again.

Since then the member changed keys, added a card and so used the letter up; a thief has the letter, and evidence that has been used.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import warifu
from protocol.bundle import Bundle
from protocol.code import Code
from protocol.messages.release import Release
from protocol.names import AUTHORITIES, AuthorityName
from protocol.release import Part, SealedPart
from protocol.sealing import OpenError
from protocol.shares import member_key
from protocol.times import STATEMENT_LIFETIME

from drill import rollback
from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.minting import Device, Mint
from drill.people import Someone
from drill.truth import Truth
from drill.ways import PIN, by_code
from drill.world import World

_VICTIMS = 2
_LEFT_S = 6
"""For how long the used evidence could still be accepted where it is used."""


@dataclass(frozen=True)
class _Case:
    """A member, and what a thief has of them."""

    mint: Mint
    victim: Someone
    thief: Device = field(default_factory=Device)
    used: dict[AuthorityName, Release] = field(default_factory=dict)
    """Evidence that released once, and is too old by the time of the attack."""

    async def ask(self, device: Device, host: AuthorityName, body: Release) -> Part | None:
        """Ask for a release and open it."""
        answer = await self.mint.call(device, host, self.victim.refs[host], "POST", "/release", body)
        if not answer.is_success:
            return None
        signing = self.mint.world.deployment.authorities[host].signing
        return SealedPart.model_validate_json(answer.content).open(device.hpke, device.jkt, signing)


async def _yesterday(case: _Case) -> None:
    """Use the letter in a session of the thief's, with evidence that has seconds left."""
    world = case.mint.world
    letter = by_code(world.wallets[case.victim.number].letter)
    for host in AUTHORITIES:
        case.used[host] = case.mint.release(case.thief, host, letter, age=STATEMENT_LIFETIME - _LEFT_S)
        assert await case.ask(case.thief, host, case.used[host]) is not None


async def _today(world: World, victim: Someone) -> None:
    """Let the member add a card, which uses the letter up, and change keys."""
    wallet = world.wallets[victim.number]
    async with world.signed_in(victim) as session:
        card = warifu.Card(Code.fresh())
        await session.add_card(card, PIN, warifu.CodeWay(wallet.letter), "card")
        wallet.card = card.code
        await session.change_keys()


def _opens(parts: Mapping[AuthorityName, Part], ref: bytes) -> bool:
    """Return whether some bundle opens with the shares that were released."""
    bundles = [stored for part in parts.values() for stored in part.bundles]
    for stored in bundles:
        shares = {host: share.share for host, part in parts.items() for share in part.shares if share.v == stored.v}
        with contextlib.suppress(OpenError):
            Bundle.open(stored.bundle, member_key({**dict.fromkeys(AUTHORITIES, bytes(32)), **shares}, stored.v), ref, stored.v)
            return True
    return False


async def _won(case: _Case, back: AuthorityName) -> bool:
    """Return whether old evidence released again, a used letter opened a bundle, or the member's device took anything wrong."""
    world, victim = case.mint.world, case.victim
    again = await case.ask(case.thief.again(), back, case.used[back])
    letter, device = by_code(world.wallets[victim.number].letter), Device()
    asked = {host: await case.ask(device, host, case.mint.release(device, host, letter)) for host in AUTHORITIES}
    opened = _opens({host: part for host, part in asked.items() if part is not None}, victim.refs["keyvault"])
    wrong = False
    with contextlib.suppress(warifu.WarifuError):
        async with world.signed_in(victim) as session:
            wrong = session.profile.kana not in victim.plaintexts
    return again is not None or opened or wrong


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    mint = Mint(world)
    cases = [_Case(mint, victim) for victim in world.victims(_VICTIMS)]
    for case in cases:
        # The first login is before the backup.
        async with world.signed_in(case.victim):
            pass
    backups = {host: await rollback.dumped(world, host) for host in AUTHORITIES}
    for case in cases:
        await _yesterday(case)
    ends = time.monotonic() + _LEFT_S + 1
    for case in cases:
        await _today(world, case.victim)
    await asyncio.sleep(max(0.0, ends - time.monotonic()))
    won: set[int] = set()
    for host in AUTHORITIES:
        async with rollback.set_back(world, host, backups[host]):
            won.update([place for place, case in enumerate(cases) if await _won(case, host)])
    return exact(len(won), len(cases), "members of whom yesterday's letter, evidence or keys opened anything")


ATTACK = Live(
    "rollback",
    "One authority goes on from yesterday's database; used evidence, a used-up letter and old keys are tried there.",
    AUTHORITIES,
    _run,
)
