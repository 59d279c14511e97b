"""A thief with a letter has keyvault release, and wants the member not to see it.

The thief asks keyvault alone, so that no other log can have it. Whether the member is shown it is keyvault's own log's doing.
"""

from protocol.names import AuthorityName

from drill.attack import Live
from drill.criteria import Outcome, exact
from drill.minting import Device, Mint
from drill.people import Someone
from drill.truth import Truth
from drill.ways import by_code
from drill.world import World

_HOST: AuthorityName = "keyvault"
_VICTIMS = 2


async def _unseen(world: World, mint: Mint, victim: Someone) -> bool:
    """Return whether a release to a thief is not among what the member's device shows of other sign-ins."""
    async with world.signed_in(victim):
        pass
    thief = Device()
    await mint.sign_in(thief, victim, by_code(world.wallets[victim.number].letter), [_HOST])
    async with world.signed_in(victim) as session:
        shown = await session.openings(pause=0.5)
    return not any(one.kind == "release" and one.hosts == {_HOST} and one.missing for one in shown.openings)


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    mint = Mint(world)
    unseen = [await _unseen(world, mint, victim) for victim in world.victims(_VICTIMS)]
    return exact(sum(unseen), len(unseen), "releases to a thief that their member is not shown")


ATTACK = Live(
    "opening-left-out", "Somebody with a member's letter is released to at one authority; the member looks for it.", (_HOST,), _run
)
