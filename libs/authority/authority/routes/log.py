"""``/log``: the release log."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, Query
from protocol.messages.release_log import (
    Consistency,
    Cosign,
    Cosigned,
    Deliver,
    Inclusion,
    InclusionPaths,
    LogLeaves,
    Openings,
    SignedCheckpoint,
    Vouched,
    Witnessed,
)
from protocol.names import AuthorityName

from authority.deps import MEMBER_PROBLEMS, Authority, Session
from authority.errors import CheckpointRefused, LogEmpty, LogForked, LogRange, NotReleased, WitnessElsewhere
from authority.use_cases import log_reading, witness

router = APIRouter(prefix="/log", tags=["release log"])
Place = Annotated[int, Query(ge=0, lt=2**62)]


@router.get("/openings", responses=problems(NotReleased, *MEMBER_PROBLEMS))
async def openings(session: Session, db: Db, now: Now) -> Openings:
    """Return what opens the member's own leaves, sealed to their log key."""
    return await log_reading.openings(db, session, now.timestamp())


@router.get("/checkpoint", responses=problems(LogEmpty))
async def checkpoint(authority: Authority, db: Db) -> SignedCheckpoint:
    """Return the newest checkpoint."""
    return await log_reading.newest(db, authority)


@router.get("/leaves", responses=problems(LogRange))
async def leaves(begin: Place, end: Place, db: Db) -> LogLeaves:
    """Return leaves from one place up to another, at most a thousand."""
    return await log_reading.leaves(db, begin, end)


@router.post("/inclusion", responses=problems(LogRange))
async def inclusion(request: Inclusion, db: Db) -> InclusionPaths:
    """Prove that leaves are in the log."""
    return await log_reading.inclusion(db, request)


@router.get("/consistency", responses=problems(LogRange))
async def consistency(first: Place, second: Place, db: Db) -> Consistency:
    """Prove that the log of one size begins the log of another."""
    return await log_reading.consistency(db, first, second)


@router.get("/witnessed/{host}")
async def witnessed(host: AuthorityName, authority: Authority, db: Db) -> Witnessed:
    """Say up to which size another authority's present log was cosigned here."""
    return await log_reading.witnessed(db, authority, host)


@router.get("/witnessed/{host}/checkpoint", responses=problems(LogEmpty))
async def vouched(host: AuthorityName, authority: Authority, db: Db, now: Now) -> Vouched:
    """Return the checkpoint of another authority's log that was cosigned here last."""
    return await log_reading.vouched(db, authority, host, now.timestamp())


@router.post("/cosignatures", responses=problems(CheckpointRefused, LogForked, WitnessElsewhere))
async def cosign(request: Cosign, authority: Authority, db: Db, now: Now) -> Cosigned:
    """Cosign another authority's checkpoint."""
    return await witness.cosign(db, authority, request, now.timestamp())


@router.put("/cosignatures", status_code=204, responses=problems(CheckpointRefused, LogRange))
async def deliver(request: Deliver, authority: Authority, db: Db) -> None:
    """Keep others' cosignatures of a checkpoint of this log."""
    await witness.deliver(db, authority, request)
