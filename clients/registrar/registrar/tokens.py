"""Token seeds from member numbers, which the three authorities evaluate blindly."""

from collections.abc import Callable, Sequence

from protocol.names import STORES, StoreName
from protocol.tokens import USE_MEMBER, TokenSeed

from .evaluation import evaluated
from .roster_member import Member
from .run import Run
from .session import Session
from .windows import Window, quotas_of

Seeds = dict[StoreName, TokenSeed]


async def token_seeds(
    session: Session,
    window: Window,
    inputs: Sequence[bytes],
    stores: Sequence[StoreName] = STORES,
    done: Callable[[int], None] = lambda _: None,
) -> list[Seeds]:
    """Return the seeds for each input (``MemberNumber.x``), in the order of the inputs; ``done`` hears how many came."""

    def made(y: bytes) -> Seeds:
        seeds: Seeds = {store: TokenSeed.from_evaluation(y, store) for store in stores}
        for seed in seeds.values():
            _ = seed.token  # computed here, in a worker thread, and cached
        return seeds

    return await evaluated(session, window, USE_MEMBER, inputs, made, done)


async def seeds_of(run: Run, members: Sequence[Member], stores: Sequence[StoreName] = STORES) -> list[Seeds]:
    """Return members' seeds, in their order, evaluated in a window of its own: tokens are kept nowhere."""
    windows = await run.session.windows("ingest", quotas_of("ingest", members=len(members)))
    stage = run.stage("token seeds", len(members))
    return await token_seeds(run.session, windows.named, [member.anchor.x for member in members], stores, stage.add)
