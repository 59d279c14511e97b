"""What a device asks about its mailbox: ``/me/reader-key``, ``/me/mailbox``, ``/me/recovery``."""

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, Response
from protocol.messages.mailbox import MailboxState, RenewReader

from mailboxes.deps import READER_PROBLEMS, Reader, Url
from mailboxes.errors import RenewalDiffers, RenewalRefused
from mailboxes.use_cases.recover_mailboxes import read_mailbox, veto_recovery
from mailboxes.use_cases.renew_reader import renew_reader

router = APIRouter(prefix="/me", tags=["mailboxes"])


@router.put(
    "/reader-key",
    summary="Renew the reader key",
    status_code=201,
    response_class=Response,
    responses={200: {"description": "This key was named before"}, **problems(*READER_PROBLEMS, RenewalRefused, RenewalDiffers)},
)
async def renew(request: RenewReader, reader: Reader, db: Db, url: Url, now: Now) -> Response:
    """Let a new key read beside the one that signed this request, and alone from its own first use on."""
    named = await renew_reader(db, reader, request, url, now.timestamp())
    return Response(status_code=201 if named else 200)


@router.get("/mailbox", summary="Read the mailbox's state", responses=problems(*READER_PROBLEMS))
async def get(reader: Reader, db: Db, now: Now) -> MailboxState:
    """Say whether somebody may take the mailbox over, and from which day on."""
    return await read_mailbox(db, reader, now.now().date())


@router.delete("/recovery", summary="Refuse a recovery", status_code=204, responses=problems(*READER_PROBLEMS))
async def veto(reader: Reader, db: Db) -> None:
    """Refuse a recovery that the registrar has begun; where there is none, nothing changes."""
    await veto_recovery(db, reader)
