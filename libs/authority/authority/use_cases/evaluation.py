"""Blind evaluation of member numbers and search words, inside a window and its quota."""

import asyncio

from chassis.database import Database
from protocol import oprf
from protocol.encoding import lp, sha256
from protocol.messages.enrolment import Evaluate, Evaluated
from windows import RegistrarCall, spend

from authority.errors import ElementsRefused
from authority.start import Authority
from authority.store import log_queue


async def evaluate(db: Database, authority: Authority, caller: RegistrarCall, request: Evaluate) -> Evaluated:
    """Evaluate a batch after counting it: what was counted and then not answered stays counted."""
    n, rest = divmod(len(request.elements), oprf.ELEMENT_BYTES)
    # Nothing is evaluated under keys of an epoch that is over, or has not come.
    if rest or not 1 <= n <= oprf.BATCH_MAX or request.use not in authority.deployment.authorities[authority.host].voprf:
        raise ElementsRefused
    async with db.transaction("spend-evaluations") as tx:
        await spend(tx, caller, _quota(caller, request), n)
        await log_queue.add(tx, "evaluation", sha256(lp("log-evaluation", caller.window_id, request.use, n)))
    try:
        # In a thread, so that other requests are answered between two batches; the evaluation itself holds the lock.
        answer = await asyncio.to_thread(oprf.evaluate, authority.keys.evaluator(request.use), request.elements)
    except oprf.BlindEvaluationError:
        raise ElementsRefused from None
    return Evaluated(answer=answer)


def _quota(caller: RegistrarCall, request: Evaluate) -> str:
    """Return which quota counts: a window to search evaluates no member numbers, because it has no quota of that name."""
    if request.use == "member":
        return "member"
    return "search" if caller.purpose == "search" else "index"
