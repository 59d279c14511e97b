"""``/staff/analysis``: what analysts ask the newest snapshot."""

from typing import Annotated

from chassis.problems import problems
from fastapi import APIRouter, Header, Response
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


_CSV = {200: {"content": {"text/csv": {}}}, **problems(QuestionRefused, NoSnapshot)}
_TABLE = {200: {"content": {"text/csv": {}, use_cases.ARROW: {}}}, **problems(QuestionRefused, NoSnapshot)}


@router.post("/tables", response_class=Response, responses=_TABLE)
async def tables(
    asked: AskedQuestion, _caller: Analyst, analysts: Asked, accept: Annotated[str, Header(include_in_schema=False)] = ""
) -> Response:
    """Answer a question as a table: for spreadsheets, or for notebooks where Apache Arrow is asked for."""
    content, form = await use_cases.answer_as_table(analysts, asked, arrow=use_cases.ARROW in accept)
    return Response(content, media_type=form, headers={"Vary": "Accept"})


@router.post("/comparisons", responses=problems(QuestionRefused, NoSnapshot))
async def comparisons(asked: AskedComparison, _caller: Analyst, analysts: Asked) -> ComparisonTable:
    """Compare years, steps, other populations or groups, by what answers show."""
    return await compare.compare(analysts, asked)


@router.post("/comparisons/tables", response_class=PlainTextResponse, responses=_CSV)
async def comparison_tables(asked: AskedComparison, _caller: Analyst, analysts: Asked) -> PlainTextResponse:
    """Compare, as a table for spreadsheets."""
    return PlainTextResponse(await compare.compare_as_table(analysts, asked), media_type="text/csv")
