"""Results of specific health guidance: ``/guidance`` for the registrar, ``/me/guidance`` for members."""

from typing import Annotated

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.guidance import GuidanceReports, GuidanceStored, GuidanceWithdrawn, StoreGuidance, WithdrawGuidance
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from anon_data.use_cases.read_guidance import read_guidance
from anon_data.use_cases.store_guidance import store_guidance, withdraw_guidance

imports = APIRouter(prefix="/guidance", tags=["imports"], responses=problems(*CALL_PROBLEMS, RowsRefused))
router = APIRouter(prefix="/me", tags=["records"], responses=problems(*READER_PROBLEMS))

Ingest = Annotated[RegistrarCall, registrar("ingest")]


@imports.post("")
async def store(request: StoreGuidance, caller: Ingest, db: Db) -> GuidanceStored:
    """Put reports into mailboxes; a repeated call changes nothing."""
    return await store_guidance(db, caller, request.rows)


@imports.post("/withdrawals")
async def withdraw(request: WithdrawGuidance, caller: Ingest, db: Db) -> GuidanceWithdrawn:
    """Remove reports that were put into the wrong mailbox; a repeated call changes nothing."""
    return await withdraw_guidance(db, caller, request.rows)


@router.get("/guidance")
async def get(reader: Reader, db: Db) -> GuidanceReports:
    """Read all reports, the newest first."""
    return await read_guidance(db, reader)
