"""``POST /mailboxes`` for the registrar, ``POST /claims`` for a device."""

from typing import Annotated

from chassis.deps import Db, Now, state
from chassis.problems import problems
from fastapi import APIRouter, Response
from protocol.messages.mailbox import Claim, MailboxesOpened, OpenMailboxes
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar
from windows.deps import Remembered
from windows.errors import ProofRefused, Replayed

from mailboxes.deps import Signed, Store
from mailboxes.errors import ClaimedByAnother, ClaimRefused, MailboxDiffers, MailboxSuspended, MailboxUnknown
from mailboxes.use_cases.claim_mailbox import claim_mailbox
from mailboxes.use_cases.open_mailboxes import KeepAttributes, open_mailboxes

router = APIRouter(tags=["mailboxes"])

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
