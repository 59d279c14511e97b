"""Somebody found a card, runs the gateway, and guesses its PIN at one honest authority from a list that has the right one last.

What is guessed wrong is signed with keys of no PIN: stretching each guess would cost the attacker alone.
"""

import asyncio
import secrets

import httpx
from protocol.code import Code
from protocol.messages.release import CodeEvidence
from protocol.names import AuthorityName
from protocol.signing import SigningKey

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.minting import Device, Mint
from drill.people import Someone
from drill.truth import Truth
from drill.ways import PIN, Way, by_code, new_card
from drill.world import World

_VICTIMS = 2
_ALLOWED = 10
"""What an authority allows by default between two seals (docs/protocol.md section 4)."""
_GUESSES = 30
_NOT_LOOKED_AT = (429, 503)
_TARGETS: tuple[AuthorityName, ...] = ("keyvault", "identity")


def _wrong(code: Code) -> Way:
    """A wrong PIN: right handle, a signature by some other key."""

    def prove(host: AuthorityName, h: bytes) -> CodeEvidence:
        keys = code.keys(host)
        return CodeEvidence(handle=keys.handle, signature=SigningKey(secrets.token_bytes(32)).sign(h))

    return prove


async def _looks(mint: Mint, host: AuthorityName, victim: Someone, card: Code) -> tuple[int, bool]:
    """Return how many guesses the host looked at, and whether the right one was answered."""

    async def one(way: Way) -> httpx.Response:
        device = Device()
        return await mint.call(device, host, victim.refs[host], "POST", "/release", mint.release(device, host, way))

    answers = list(await asyncio.gather(*(one(_wrong(card)) for _ in range(_GUESSES))))
    answers.append(await one(by_code(card, PIN)))
    return sum(answer.status_code not in _NOT_LOOKED_AT for answer in answers), answers[-1].is_success


async def _guessed(mint: Mint, victim: Someone) -> bool:
    device, card, first = Device(), Code.fresh(), by_code(mint.world.wallets[victim.number].letter)
    await mint.sign_in(device, victim, first)
    await mint.add(device, victim, first, new_card(card, PIN))
    found = [await _looks(mint, host, victim, card) for host in _TARGETS]
    return any(looks > _ALLOWED or right for looks, right in found)


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    mint = Mint(world)
    victims = world.victims(_VICTIMS)
    return exact(
        sum([await _guessed(mint, one) for one in victims]), len(victims), "cards of which more PINs were tried than allowed"
    )


ATTACK = Live(
    "pin-guessing",
    "A finder of a card tries many PINs at once at one honest authority, with tokens that the gateway mints.",
    ("gateway",),
    _run,
)
