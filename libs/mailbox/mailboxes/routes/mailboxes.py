"""``POST /mailboxes`` for the registrar; ``POST /claims`` and ``PUT /me/reader-key`` for a device."""

from typing import Annotated

from chassis.deps import Db, Now, state
from chassis.problems import problems
from fastapi import APIRouter, Response
from protocol.messages.mailbox import Claim, MailboxesOpened, OpenMailboxes, RenewReader
from protocol.names import StoreName
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar
from windows.deps import Remembered
from windows.errors import ProofRefused, Replayed

from mailboxes.deps import READER_PROBLEMS, Reader, Signed, Url
from mailboxes.errors import (
    ClaimedByAnother,
    ClaimRefused,
    MailboxDiffers,
    MailboxSuspended,
    MailboxUnknown,
    RenewalDiffers,
    RenewalRefused,
)
from mailboxes.use_cases.claim_mailbox import claim_mailbox
from mailboxes.use_cases.open_mailboxes import KeepAttributes, open_mailboxes
from mailboxes.use_cases.renew_reader import renew_reader

router = APIRouter(tags=["mailboxes"])

Store = Annotated[StoreName, state("store")]
Keep = Annotated[KeepAttributes | None, state("keep_attributes")]


@router.post("/mailboxes", summary="Open mailboxes", responses=problems(*CALL_PROBLEMS, MailboxDiffers, RowsRefused))
async def open_all(
    request: OpenMailboxes, caller: Annotated[RegistrarCall, registrar("enrol")], db: Db, keep: Keep
) -> MailboxesOpened:
    """Open mailboxes; those that are open with the same keys stay as they are."""
    return await open_mailboxes(db, caller, request.rows, keep)


@router.post(
    "/claims",
    summary="Claim a mailbox",
    status_code=201,
    response_class=Response,
    responses={
        200: {"description": "This key had the mailbox already"},
        **problems(ProofRefused, Replayed, MailboxUnknown, MailboxSuspended, ClaimRefused, ClaimedByAnother),
    },
)
async def claim(request: Claim, signed: Signed, db: Db, once: Remembered, store: Store, now: Now) -> Response:
    """Hand the mailbox of the proof's token to the key that made the proof; once, unless a recovery is open."""
    given = await claim_mailbox(db, once, store, signed, request.signature, now.now().date())
    return Response(status_code=201 if given else 200)


@router.put(
    "/me/reader-key",
    summary="Renew the reader key",
    status_code=201,
    response_class=Response,
    responses={200: {"description": "This key was named before"}, **problems(*READER_PROBLEMS, RenewalRefused, RenewalDiffers)},
)
async def renew(request: RenewReader, reader: Reader, db: Db, url: Url, now: Now) -> Response:
    """Let a new key read beside the one that signed this request, and alone from its own first use on."""
    named = await renew_reader(db, reader, request, url, now.timestamp())
    return Response(status_code=201 if named else 200)
