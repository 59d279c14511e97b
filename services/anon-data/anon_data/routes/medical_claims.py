"""``/medical-claims`` for the registrar; ``/me/medical-claims``, ``/me/medicines`` and ``/me/costs`` for members."""

from datetime import date
from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, Path
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.encoding import unb64u
from protocol.messages.medical_claims import (
    ClaimsStored,
    ClaimsWithdrawn,
    Costs,
    MedicalClaim,
    MedicalClaims,
    StoreClaims,
    WithdrawClaims,
)
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from anon_data.deps import Use
from anon_data.errors import ClaimUnknown
from anon_data.use_cases import read_medical_claims as read
from anon_data.use_cases.store_medical_claims import store_medical_claims, withdraw_medical_claims

imports = APIRouter(prefix="/medical-claims", tags=["imports"], responses=problems(*CALL_PROBLEMS, RowsRefused))
router = APIRouter(prefix="/me", tags=["records"], responses=problems(*READER_PROBLEMS))

Ingest = Annotated[RegistrarCall, registrar("ingest")]
ClaimName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{21}[AQgw]$")]


@imports.post("")
async def store(request: StoreClaims, caller: Ingest, db: Db, now: Now) -> ClaimsStored:
    """Put claims into mailboxes; a repeated call changes nothing."""
    return await store_medical_claims(db, caller, request.rows, now.now().date())


@imports.post("/withdrawals")
async def withdraw(request: WithdrawClaims, caller: Ingest, db: Db, now: Now) -> ClaimsWithdrawn:
    """Remove claims that were cancelled or are somebody else's; a repeated call changes nothing."""
    return await withdraw_medical_claims(db, caller, request.rows, now.now().date())


@router.get("/medical-claims")
async def get(reader: Reader, db: Db, use: Use, since: date, until: date) -> MedicalClaims:
    """Read the claims of the months from ``since`` to ``until``, the newest first."""
    found = await read.read_medical_claims(db, reader, since, until)
    use.read_by(reader)
    return found


@router.get("/medical-claims/{claim}", responses=problems(ClaimUnknown))
async def get_one(reader: Reader, db: Db, use: Use, claim: ClaimName) -> MedicalClaim:
    """Read one claim with its lines."""
    found = await read.read_medical_claim(db, reader, unb64u(claim, 16))
    use.read_by(reader)
    return found


@router.get("/medicines")
async def medicines(reader: Reader, db: Db, use: Use, since: date, until: date) -> MedicalClaims:
    """Read the claims of these months by which drugs were given, the newest first."""
    found = await read.read_medicines(db, reader, since, until)
    use.read_by(reader)
    return found


@router.get("/costs")
async def costs(reader: Reader, db: Db, use: Use, since: date, until: date) -> Costs:
    """Read what the claims of these months come to, by month and kind, the oldest first."""
    found = await read.read_costs(db, reader, since, until)
    use.read_by(reader)
    return found
