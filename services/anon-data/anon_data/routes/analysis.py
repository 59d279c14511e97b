"""``/staff/analysis``: what analysts ask the newest snapshot."""

from typing import Annotated

from chassis.deps import Db
from chassis.problems import problems
from fastapi import APIRouter, Header, Response
from protocol.messages.analysis import AnalysisCatalogue, AnsweredQuestion, AskedQuestion
from protocol.messages.comparisons import AskedComparison, ComparisonTable
from staff import STAFF_PROBLEMS, StaffCall, staff

from anon_data.deps import Asked
from anon_data.errors import NoSnapshot, QuestionRefused
from anon_data.table_forms import SHEETS, TABLES, Form, Table, form_of
from anon_data.use_cases import answer_question as use_cases
from anon_data.use_cases import compare

router = APIRouter(prefix="/staff/analysis", tags=["analysis"], responses=problems(*STAFF_PROBLEMS))
Analyst = Annotated[StaffCall, staff("analyst")]


@router.get("/catalogue")
async def catalogue(_caller: Analyst) -> AnalysisCatalogue:
    """Say what can be asked, and what people may be told apart by."""
    return use_cases.catalogue()


@router.post("/answers", responses=problems(QuestionRefused, NoSnapshot))
async def answers(asked: AskedQuestion, _caller: Analyst, db: Db, analysts: Asked) -> AnsweredQuestion:
    """Answer a question; no number tells of fewer than ten people."""
    return await use_cases.answer_question(db, analysts, asked)


Accept = Annotated[str, Header(include_in_schema=False)]


@router.post("/tables", response_class=Response, responses={**TABLES, **problems(QuestionRefused, NoSnapshot)})
async def tables(asked: AskedQuestion, _caller: Analyst, db: Db, analysts: Asked, accept: Accept = "") -> Table:
    """Answer a question as a table: CSV, or what is accepted of a workbook (xlsx) and Apache Arrow."""
    form = form_of(accept)
    return Table(await use_cases.answer_as_table(db, analysts, asked, form), form)


@router.post("/comparisons", responses=problems(QuestionRefused, NoSnapshot))
async def comparisons(asked: AskedComparison, _caller: Analyst, analysts: Asked) -> ComparisonTable:
    """Compare years, steps, other populations or groups, by what answers show."""
    return await compare.compare(analysts, asked)


@router.post("/comparisons/tables", response_class=Response, responses={**SHEETS, **problems(QuestionRefused, NoSnapshot)})
async def comparison_tables(asked: AskedComparison, _caller: Analyst, analysts: Asked, accept: Accept = "") -> Table:
    """Compare, as a table: CSV, or a workbook (xlsx) with the notes on a second page where that is accepted."""
    form: Form = "xlsx" if form_of(accept) == "xlsx" else "csv"
    return Table(await compare.compare_as_table(analysts, asked, form), form)
