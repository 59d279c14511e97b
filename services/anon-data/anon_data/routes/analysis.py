"""``/staff/analysis``: what analysts ask the newest snapshot."""

from typing import Annotated

from chassis.problems import problems
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from protocol.messages.analysis import AnalysisCatalogue, AnsweredQuestion, AskedQuestion
from protocol.messages.comparisons import AskedComparison, ComparisonTable
from staff import STAFF_PROBLEMS, StaffCall, staff

from anon_data.deps import Asked
from anon_data.errors import NoSnapshot, QuestionRefused
from anon_data.use_cases import answer_question as use_cases
from anon_data.use_cases import compare

router = APIRouter(prefix="/staff/analysis", tags=["analysis"], responses=problems(*STAFF_PROBLEMS))
Analyst = Annotated[StaffCall, staff("analyst")]


@router.get("/catalogue")
async def catalogue(_caller: Analyst) -> AnalysisCatalogue:
    """Say what can be asked, and what people may be told apart by."""
    return use_cases.catalogue()


@router.post("/answers", responses=problems(QuestionRefused, NoSnapshot))
async def answers(asked: AskedQuestion, _caller: Analyst, analysts: Asked) -> AnsweredQuestion:
    """Answer a question; no number tells of fewer than ten people."""
    return await use_cases.answer_question(analysts, asked)


_TABLE = {200: {"content": {"text/csv": {}}}, **problems(QuestionRefused, NoSnapshot)}


@router.post("/tables", response_class=PlainTextResponse, responses=_TABLE)
async def tables(asked: AskedQuestion, _caller: Analyst, analysts: Asked) -> PlainTextResponse:
    """Answer a question as a table for spreadsheets."""
    return PlainTextResponse(await use_cases.answer_as_table(analysts, asked), media_type="text/csv")


@router.post("/comparisons", responses=problems(QuestionRefused, NoSnapshot))
async def comparisons(asked: AskedComparison, _caller: Analyst, analysts: Asked) -> ComparisonTable:
    """Compare years, steps, other populations or groups, by what answers show."""
    return await compare.compare(analysts, asked)


@router.post("/comparisons/tables", response_class=PlainTextResponse, responses=_TABLE)
async def comparison_tables(asked: AskedComparison, _caller: Analyst, analysts: Asked) -> PlainTextResponse:
    """Compare, as a table for spreadsheets."""
    return PlainTextResponse(await compare.compare_as_table(analysts, asked), media_type="text/csv")
