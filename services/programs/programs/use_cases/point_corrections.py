"""Staff corrects points by hand: one proposes, another approves. Whose they are is known by a name that the member told."""

from datetime import date, timedelta

from chassis.database import Database, Transaction
from mailboxes.readers import Reader
from protocol.encoding import lp, sha256
from protocol.messages.point_corrections import (
    PARTY,
    Correction,
    Corrections,
    DecideCorrection,
    ProposeCorrection,
    PutPointCase,
)
from staff import StaffCall

from programs.order_errors import PointsShort
from programs.point_errors import CorrectionRefused
from programs.store import point_corrections as store
from programs.store import point_ledger

MOST = 500


async def put_case(db: Database, reader: Reader, request: PutPointCase, today: date) -> None:
    """Let the member be known to the office by a name of their device's making."""
    async with db.transaction("put-point-case") as tx:
        await store.put_case(tx, await reader.for_writing(tx), request.id, today)


async def propose(db: Database, caller: StaffCall, request: ProposeCorrection, today: date) -> Correction:
    """Write down what should be corrected; it moves nothing."""
    async with db.transaction("propose-correction") as tx:
        if await store.whose(tx, request.about) is None:
            raise CorrectionRefused(reason="about")
        await store.propose(tx, request, caller.passkey, caller.subject, today)
        made, _ = await _found(tx, request.id)
        if ProposeCorrection.model_validate(made.model_dump(include=set(ProposeCorrection.model_fields))) != request:
            raise CorrectionRefused(reason="id")
    return made


async def decide(db: Database, caller: StaffCall, request: DecideCorrection, today: date) -> Correction:
    """Move the points, or do not; whoever proposed does not decide, with no passkey of theirs."""
    async with db.transaction("decide-correction") as tx:
        found, proposer = await _found(tx, request.id)
        if found.state != "proposed":
            if (found.state == "approved") != request.approved:
                raise CorrectionRefused(reason="decided")
            return found
        if caller.subject == proposer or caller.passkey == found.proposed_by:
            raise CorrectionRefused(reason="alone")
        if request.approved:
            await _move(tx, found, today)
        await store.decide(tx, request.id, caller.passkey, today, approved=request.approved)
        return (await _found(tx, request.id))[0]


async def read(db: Database) -> Corrections:
    """Return corrections: those to be decided first, then the newest."""
    async with db.statements("read-corrections") as tx:
        return Corrections(corrections=tuple(await store.listed(tx, MOST)))


async def _move(tx: Transaction, found: Correction, today: date) -> None:
    token = await store.whose(tx, found.about)
    if token is None:
        raise CorrectionRefused(reason="about")
    name = sha256(lp("point-correction", found.id))[:16]
    if found.amount > 0:
        await point_ledger.give(tx, token, name, PARTY, found.amount, today, today + timedelta(found.lasts_days))
    elif not await point_ledger.take(tx, token, name, PARTY, -found.amount, today):
        raise PointsShort


async def _found(tx: Transaction, name: bytes) -> tuple[Correction, bytes]:
    found = await store.find(tx, name)
    if found is None:
        raise CorrectionRefused(reason="id")
    return found
