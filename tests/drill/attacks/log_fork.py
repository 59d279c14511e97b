"""A live gateway goes back to yesterday's log, goes on from there, and asks the other authorities to vouch for that.

Members and auditors rely on what the other two cosign, so each of them that does is one too many.
"""

import asyncio
import contextlib

from protocol.names import AuthorityName
from warifu._wire import Wire, system_clock
from warifu.errors import WarifuError
from warifu.transparency import checked_log
from warifu.transparency.reading import LogReader

from drill import rollback
from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.minting import Device, Mint
from drill.truth import Truth
from drill.ways import by_code
from drill.world import World

_HOST: AuthorityName = "gateway"
_WITNESSES = 2
_UNDONE = 2
"""Leaves of a first login: its release, its rotation."""
_RELEASES = _UNDONE + 1
"""So that the log becomes as long as it was."""


async def _grown(log: LogReader, size: int) -> None:
    """Wait until a log has so many leaves."""
    while (await log.checkpoint())[0].size < size:
        await asyncio.sleep(0.2)


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    wire, mint = Wire(world.http, world.deployment, system_clock), Mint(world)
    before = await rollback.dumped(world, _HOST)
    then = (await LogReader(wire, _HOST).checkpoint())[0].size
    early, late = world.victims(2)
    async with world.signed_in(early):
        pass
    await _grown(LogReader(wire, _HOST), then + _UNDONE)
    honest = await checked_log(wire, _HOST)
    assert len(honest.cosigners) == _WITNESSES, "nobody vouches for an honest log"
    vouched: set[str] = set()
    async with rollback.set_back(world, _HOST, before):
        for _ in range(_RELEASES):
            await mint.sign_in(Device(), late, by_code(world.wallets[late.number].letter), [_HOST])
        await _grown(LogReader(wire, _HOST), honest.checkpoint.size)
        with contextlib.suppress(WarifuError):
            vouched |= (await checked_log(wire, _HOST)).cosigners
    return exact(len(vouched), _WITNESSES, "authorities that vouch for a log that was changed")


ATTACK = Live("log-fork", "A live gateway sets its release log back, goes on from there, and has it cosigned.", (_HOST,), _run)
