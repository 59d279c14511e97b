"""``/staff/analysis/reports``: questions that analysts and the office keep, and what snapshots answered."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, Header, Path, Response
from protocol.messages.analysis import Month
from protocol.messages.saved_reports import Kept, PutReport, ReportResult, SavedReport, SavedReports
from staff import STAFF_PROBLEMS, StaffCall, staff

from anon_data.deps import Asked
from anon_data.errors import NoSnapshot, QuestionRefused, ReportRefused, ReportUnknown
from anon_data.table_forms import TABLES, Table, form_of
from anon_data.use_cases import saved_reports as use_cases

router = APIRouter(prefix="/staff/analysis/reports", tags=["analysis"], responses=problems(*STAFF_PROBLEMS))
Colleague = Annotated[StaffCall, staff("analyst", "office")]
ReportName = Annotated[Kept, Path(description="What the report is called")]
Accept = Annotated[str, Header(include_in_schema=False)]


@router.get("")
async def get(_caller: Colleague, db: Db) -> SavedReports:
    """List the reports that are kept, and of which months there are results."""
    return await use_cases.list_reports(db)


@router.put("/{report}", responses=problems(QuestionRefused, NoSnapshot, ReportRefused))
async def put(report: ReportName, asked: PutReport, caller: Colleague, db: Db, analysts: Asked, now: Now) -> SavedReport:
    """Keep questions under a name, and answer them of the newest snapshot; with one that is refused nothing is kept."""
    return await use_cases.put_report(db, analysts, report, asked, caller, now.now().date())


@router.get("/{report}", responses=problems(ReportUnknown))
async def read(report: ReportName, _caller: Colleague, db: Db) -> SavedReport:
    """Read a report's questions."""
    return await use_cases.read_report(db, report)


@router.delete("/{report}", status_code=204, responses=problems(ReportUnknown))
async def delete(report: ReportName, _caller: Colleague, db: Db) -> None:
    """Forget a report and its results."""
    await use_cases.delete_report(db, report)


@router.get("/{report}/results/{month}", responses=problems(ReportUnknown))
async def result(report: ReportName, month: Month, _caller: Colleague, db: Db) -> ReportResult:
    """Read what a report was answered of a month's snapshot."""
    return await use_cases.read_result(db, report, month)


@router.get("/{report}/results/{month}/{question}", response_class=Response, responses={**TABLES, **problems(ReportUnknown)})
async def table(report: ReportName, month: Month, question: Kept, _caller: Colleague, db: Db, accept: Accept = "") -> Table:
    """Read one answer of it as a table: CSV, or what is accepted of a workbook (xlsx) and Apache Arrow."""
    form = form_of(accept)
    return Table(await use_cases.read_table(db, report, month, question, form), form)
