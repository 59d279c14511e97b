"""``POST /release``."""

from chassis.problems import Unavailable, problems
from fastapi import APIRouter, Response
from protocol.messages.release import Release
from protocol.release import SealedPart

from authority.deps import MEMBER_PROBLEMS, Authority, Presented
from authority.errors import (
    AccessEnded,
    AlreadyReleasedInSession,
    EvidenceRefused,
    EvidenceReplayed,
    NotReleased,
    ReleaseCap,
    RootMissing,
    StatementRefused,
    TooManyTries,
)
from authority.use_cases import release as use_cases

router = APIRouter(tags=["release"])
_REFUSALS = (
    AccessEnded,
    AlreadyReleasedInSession,
    EvidenceRefused,
    EvidenceReplayed,
    NotReleased,
    ReleaseCap,
    RootMissing,
    StatementRefused,
    TooManyTries,
    Unavailable,
)


@router.post("/release", response_model=SealedPart, responses=problems(*_REFUSALS, *MEMBER_PROBLEMS))
async def release(request: Release, presented: Presented, authority: Authority) -> Response:
    """Release this authority's part to the session, on the member's evidence."""
    part = await use_cases.release(authority, presented, request)
    # As it is: validating what was just made would cost as much as a statement.
    return Response(part.model_dump_json(), media_type="application/json")
