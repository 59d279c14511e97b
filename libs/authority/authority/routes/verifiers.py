"""``/verifiers``: a member's ways to sign in."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import Malformed, Unavailable, problems
from fastapi import APIRouter, Depends
from protocol.encoding import EncodingError, unb64u
from protocol.messages.verifiers import AuthorisedChange, ConfirmVerifier, VerifierChanged, Verifiers, VerifierStored

from authority.deps import MEMBER_PROBLEMS, Authority, Session
from authority.errors import (
    ChangeRefused,
    EvidenceRefused,
    EvidenceReplayed,
    LastVerifier,
    NotARecovery,
    NotReleased,
    ReceiptRefused,
    StatementRefused,
    TooManyTries,
    VerifierExists,
    VerifiersFull,
    VerifierUnknown,
)
from authority.use_cases import changes, verifiers

router = APIRouter(prefix="/verifiers", tags=["verifiers"])
_JUDGED = (EvidenceRefused, EvidenceReplayed, StatementRefused, TooManyTries, Unavailable)
_CHANGES = (ChangeRefused, LastVerifier, NotARecovery, NotReleased, VerifierExists, VerifiersFull)


def _id(verifier_id: str) -> bytes:
    try:
        return unb64u(verifier_id, 16)
    except EncodingError:
        raise Malformed(errors=[{"location": ["path", "verifier_id"], "error": "not_an_id"}]) from None


VerifierId = Annotated[bytes, Depends(_id)]


@router.get("", responses=problems(NotReleased, *MEMBER_PROBLEMS))
async def listed(session: Session, db: Db, now: Now) -> Verifiers:
    """List the member's verifiers, recoveries that wait among them."""
    return await verifiers.listed(db, session, now.timestamp())


@router.post("/changes", responses=problems(*_CHANGES, *_JUDGED, *MEMBER_PROBLEMS))
async def change(request: AuthorisedChange, session: Session, authority: Authority, db: Db, now: Now) -> VerifierChanged:
    """Add or remove a verifier, or cancel a recovery."""
    return await changes.change(db, authority, session, request, now.timestamp())


@router.post("/{verifier_id}/receipt", responses=problems(VerifierUnknown, NotReleased, *MEMBER_PROBLEMS))
async def receipt(verifier_id: VerifierId, session: Session, authority: Authority, db: Db, now: Now) -> VerifierStored:
    """Say, signed, that the verifier is stored here."""
    return await verifiers.receipt(db, authority, session, verifier_id, now.timestamp())


@router.post(
    "/{verifier_id}/confirmation",
    status_code=204,
    responses=problems(ReceiptRefused, VerifierUnknown, NotReleased, *MEMBER_PROBLEMS),
)
async def confirm(
    verifier_id: VerifierId, request: ConfirmVerifier, session: Session, authority: Authority, db: Db, now: Now
) -> None:
    """Count the verifier as a way in, on the word of all three authorities; letters are used up."""
    await verifiers.confirm(db, authority, session, verifier_id, request, now.timestamp())
