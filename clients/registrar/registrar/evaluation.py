"""Blind evaluation by the three authorities: of member numbers, and of search words."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from protocol.messages.enrolment import Evaluate, Evaluated
from protocol.names import AUTHORITIES, AuthorityName
from protocol.oprf import BATCH_MAX, BlindedBatch, BlindEvaluationError

from .batches import EVALUATIONS_AT_A_TIME, cut
from .errors import AnswerRefused
from .hosts import encode
from .session import Session
from .windows import Window

T = TypeVar("T")


async def evaluated(
    session: Session,
    window: Window,
    use: str,
    inputs: Sequence[bytes],
    made: Callable[[bytes], T],
    done: Callable[[int], None] = lambda _: None,
) -> list[T]:
    """Return what is made, in a worker thread, of each input's evaluation, in the order of the inputs; ``done`` hears how many.

    An authority sees elements blinded for it alone and nothing else, so the order of the inputs tells it nothing.
    """
    places = asyncio.Semaphore(EVALUATIONS_AT_A_TIME)

    async def one(batch: list[bytes]) -> list[T]:
        async with places:
            blinded = await asyncio.to_thread(BlindedBatch, batch)
            answers = await asyncio.gather(*(_evaluate(session, window, use, host, blinded) for host in AUTHORITIES))
            found = await asyncio.to_thread(_finalize, session, use, blinded, dict(answers), made)
            done(len(batch))
            return found

    found = await asyncio.gather(*(one(batch) for batch in cut(inputs, BATCH_MAX)))
    return [each for batch in found for each in batch]


async def _evaluate(
    session: Session, window: Window, use: str, host: AuthorityName, blinded: BlindedBatch
) -> tuple[AuthorityName, bytes]:
    body = encode(Evaluate(use=use, elements=blinded.blinded[host]))
    answer = await session.hosts.call(host, window, "/evaluations", body, Evaluated)
    return host, answer.answer


def _finalize(
    session: Session, use: str, blinded: BlindedBatch, answers: dict[AuthorityName, bytes], made: Callable[[bytes], T]
) -> list[T]:
    keys = {host: session.deployment.authorities[host].voprf[use] for host in AUTHORITIES}
    try:
        outputs = blinded.finalize(answers, keys, use)
    except BlindEvaluationError as error:
        raise AnswerRefused(f"an evaluation: {error}") from error
    return [made(output) for output in outputs]
