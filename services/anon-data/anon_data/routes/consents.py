"""``/consents`` and ``/me/consents``."""

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.consents import ConsentPurpose, Consents, ConsentTexts, PutConsent

from anon_data.errors import ConsentText
from anon_data.use_cases.consents import put_consent, read_consents, read_texts

router = APIRouter(tags=["consents"])


@router.get("/consents", summary="Read what members are asked")
async def texts() -> ConsentTexts:
    """Read the newest text of each purpose; the same for everybody."""
    return read_texts()


@router.get("/me/consents", summary="Read the own consents", responses=problems(*READER_PROBLEMS))
async def get(reader: Reader, db: Db) -> Consents:
    """Read what was decided about each purpose."""
    return await read_consents(db, reader)


@router.put("/me/consents/{purpose}", summary="Give or withdraw a consent", responses=problems(*READER_PROBLEMS, ConsentText))
async def put(purpose: ConsentPurpose, request: PutConsent, reader: Reader, db: Db, now: Now) -> Consents:
    """Decide; what was kept under a consent alone goes with it."""
    return await put_consent(db, reader, purpose, request, now.now().date())
