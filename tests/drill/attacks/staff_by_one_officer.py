"""One officer and a live gateway list a passkey of their own at anon-data."""

from protocol.encoding import lp
from protocol.signing import SigningKey

from drill.attack import Live
from drill.colleague import OWN, Colleague, next_list, officers, put_list
from drill.criteria import Outcome, exact
from drill.truth import Truth
from drill.world import World


async def _run(world: World, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    bad, other = officers(world)[:2]
    accomplice = Colleague(world, "desk-9", roles=("analyst", "office"))

    async def wins(second: SigningKey | None) -> bool:
        draft = await next_list(world, accomplice.listed)
        signatures = {bad.id: bad.key.sign(lp("staff", draft.raw))}
        if second is not None:
            signatures[other.id] = second.sign(lp("staff", draft.raw))
        accepted = (await put_list(world, draft.raw, signatures)).is_success
        await accomplice.open(accomplice.opening())
        return accepted or (await accomplice.call("GET", OWN)).is_success

    # Alone, twice under two names, and with a key that is no officer's.
    won = [await wins(second) for second in (None, bad.key, SigningKey(bytes(32)))]
    return exact(sum(won), len(won), "staff lists that one officer made accepted")


ATTACK = Live(
    "staff-by-one-officer",
    "One officer signs a staff list alone, twice under two names, and beside a stranger's signature; the gateway gives the tokens.",
    ("gateway",),
    _run,
)
