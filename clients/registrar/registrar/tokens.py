"""Blind evaluation of member numbers by the three authorities, and the token seeds that follow."""

import asyncio
from collections.abc import Callable, Sequence

from protocol.messages.enrolment import Evaluate, Evaluated
from protocol.names import AUTHORITIES, STORES, AuthorityName, StoreName
from protocol.oprf import BATCH_MAX, BlindedBatch, BlindEvaluationError
from protocol.tokens import USE_MEMBER, TokenSeed

from .batches import EVALUATIONS_AT_A_TIME, cut
from .errors import AnswerRefused
from .hosts import encode
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
    """Return the seeds for each input (``MemberNumber.x``), in the order of the inputs; ``done`` hears how many came.

    An authority sees elements blinded for it alone and nothing else, so the order of the inputs tells it nothing.
    """
    places = asyncio.Semaphore(EVALUATIONS_AT_A_TIME)

    async def one(batch: list[bytes]) -> list[Seeds]:
        async with places:
            blinded = await asyncio.to_thread(BlindedBatch, batch)
            answers = await asyncio.gather(*(_evaluate(session, window, host, blinded) for host in AUTHORITIES))
            seeds = await asyncio.to_thread(_finalize, session, blinded, dict(answers), stores)
            done(len(batch))
            return seeds

    found = await asyncio.gather(*(one(batch) for batch in cut(inputs, BATCH_MAX)))
    return [seeds for batch in found for seeds in batch]


async def seeds_of(run: Run, members: Sequence[Member], stores: Sequence[StoreName] = STORES) -> list[Seeds]:
    """Return members' seeds, in their order, evaluated in a window of its own: tokens are kept nowhere."""
    windows = await run.session.windows("ingest", quotas_of("ingest", members=len(members)))
    stage = run.stage("token seeds", len(members))
    return await token_seeds(run.session, windows.named, [member.anchor.x for member in members], stores, stage.add)


async def _evaluate(session: Session, window: Window, host: AuthorityName, blinded: BlindedBatch) -> tuple[AuthorityName, bytes]:
    body = encode(Evaluate(use="member", elements=blinded.blinded[host]))
    answer = await session.hosts.call(host, window, "/evaluations", body, Evaluated)
    return host, answer.answer


def _finalize(
    session: Session, blinded: BlindedBatch, answers: dict[AuthorityName, bytes], stores: Sequence[StoreName]
) -> list[Seeds]:
    keys = {host: session.deployment.authorities[host].voprf[USE_MEMBER] for host in AUTHORITIES}
    try:
        outputs = blinded.finalize(answers, keys, USE_MEMBER)
    except BlindEvaluationError as error:
        raise AnswerRefused(f"an evaluation: {error}") from error
    seeds = [{store: TokenSeed.from_evaluation(y, store) for store in stores} for y in outputs]
    for one in seeds:
        for seed in one.values():
            _ = seed.token  # computed here, in a worker thread, and cached
    return seeds
