"""``GET /me/former-checkups`` and ``/me/former-claims``."""

from datetime import date
from typing import Annotated

from chassis.deps import Db, state
from chassis.problems import problems
from fastapi import APIRouter, Response
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.former_versions import FormerCheckups, FormerClaims

from anon_data.code_table import KnownCodes
from anon_data.deps import Use
from anon_data.use_cases import read_former_versions as read

router = APIRouter(prefix="/me", tags=["records"], responses=problems(*READER_PROBLEMS))

Codes = Annotated[KnownCodes, state("known_codes")]


@router.get("/former-checkups", response_model=FormerCheckups)
async def checkups(reader: Reader, db: Db, codes: Codes, use: Use) -> Response:
    """Read what checkups said before they were corrected."""
    found = await read.read_former_checkups(db, codes, reader)
    use.read_by(reader)
    return Response(found, media_type="application/json")


@router.get("/former-claims")
async def claims(reader: Reader, db: Db, use: Use, since: date, until: date) -> FormerClaims:
    """Read what the claims of the months from ``since`` to ``until`` said before they were replaced or cancelled."""
    found = await read.read_former_claims(db, reader, since, until)
    use.read_by(reader)
    return found
