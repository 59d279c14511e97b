"""``/staff/analysis/exports``: results that leave the house as a file, and the log of those that did."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, Response
from protocol.messages.exports import AskExport, DecideExport, Export, ExportId, Exports, ExportShown
from staff import STAFF_PROBLEMS, StaffCall, staff

from anon_data.deps import Asked
from anon_data.errors import ExportRefused, NoSnapshot, QuestionRefused
from anon_data.table_forms import SHEETS, Table
from anon_data.use_cases import exports as use_cases

router = APIRouter(prefix="/staff/analysis/exports", tags=["analysis"], responses=problems(*STAFF_PROBLEMS))
Analyst = Annotated[StaffCall, staff("analyst")]
Office = Annotated[StaffCall, staff("office")]
Colleague = Annotated[StaffCall, staff("analyst", "office")]


@router.get("")
async def get(_caller: Colleague, db: Db) -> Exports:
    """Read the log: who asked for what, who let it leave, who took it."""
    return await use_cases.read_log(db)


@router.post("", responses=problems(QuestionRefused, NoSnapshot, ExportRefused))
async def ask(asked: AskExport, caller: Analyst, db: Db, analysts: Asked, now: Now) -> Export:
    """Ask that a result may leave; it is answered now, and stays as it is until somebody of the office decides."""
    return await use_cases.ask(db, analysts, caller, asked, now.now().date())


@router.post("/decisions", responses=problems(ExportRefused))
async def decide(asked: DecideExport, caller: Office, db: Db, now: Now) -> Export:
    """Let a result leave or not, once; whoever asked does not, in no role and with no passkey."""
    return await use_cases.decide(db, caller, asked, now.now().date())


@router.get("/{export}", responses=problems(ExportRefused))
async def show(export: ExportId, _caller: Colleague, db: Db) -> ExportShown:
    """Read what leaves, or would."""
    return await use_cases.show(db, export)


@router.get("/{export}/file", response_class=Response, responses={**SHEETS, **problems(ExportRefused, NoSnapshot)})
async def take(export: ExportId, caller: Colleague, db: Db, analysts: Asked, now: Now) -> Table:
    """Take the file of an approved export, with its watermark."""
    content, form = await use_cases.take(db, analysts, caller, export, now.now().date())
    return Table(content, form)
