"""``GET /me/checkups``."""

from typing import Annotated

from chassis.deps import Db, state
from chassis.problems import problems
from fastapi import APIRouter, Response
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.records import Checkups

from anon_data.code_table import KnownCodes
from anon_data.deps import Use
from anon_data.use_cases.read_checkups import read_checkups

router = APIRouter(prefix="/me", tags=["records"], responses=problems(*READER_PROBLEMS))

Codes = Annotated[KnownCodes, state("known_codes")]


@router.get("/checkups", response_model=Checkups)
async def get(reader: Reader, db: Db, codes: Codes, use: Use) -> Response:
    """Read all checkups, the newest first, and the code table entries they use."""
    page = await read_checkups(db, codes, reader)
    use.read_by(reader)
    return Response(page, media_type="application/json")
