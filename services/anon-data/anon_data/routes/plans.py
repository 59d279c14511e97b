"""``/staff/plans``: Data Health Plans, the pages of their years, and reports for employers."""

from typing import Annotated, Any

from chassis.problems import problems
from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse
from plans.document import Language, policy
from protocol.messages.plans import PlanName, Plans
from staff import STAFF_PROBLEMS, StaffCall, staff

from anon_data.deps import Asked, Shelf
from anon_data.errors import NoSnapshot, NoWorkplaceReport, PlanUnknown, PlanUnusable
from anon_data.use_cases import review_plan as use_cases

router = APIRouter(prefix="/staff/plans", tags=["plans"], responses=problems(*STAFF_PROBLEMS, PlanUnusable))
Colleague = Annotated[StaffCall, staff("analyst", "office")]
Year = Annotated[int, Query(ge=2000, le=2200, description="Fiscal year")]
Workplace = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,32}$")]
_PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}}


class Page(HTMLResponse):
    """A page that loads nothing, and that no other page shows inside of itself."""

    def __init__(self, page: str) -> None:
        super().__init__(page, headers={"Content-Security-Policy": f"{policy()}; frame-ancestors 'none'"})


@router.get("")
async def get(_caller: Colleague, shelf: Shelf) -> Plans:
    """List the plans there are."""
    return await use_cases.list_plans(shelf)


@router.get("/{plan}/review", response_class=HTMLResponse, responses={**_PAGE, **problems(PlanUnknown, NoSnapshot)})
async def review(
    plan: PlanName, year: Year, _caller: Colleague, shelf: Shelf, analysts: Asked, language: Language = "ja"
) -> HTMLResponse:
    """Read the review of a fiscal year, for paper; no number tells of fewer than ten people."""
    return Page(await use_cases.review_plan(shelf, analysts, plan, year, language))


@router.get(
    "/{plan}/workplaces/{workplace}",
    response_class=HTMLResponse,
    responses={**_PAGE, **problems(PlanUnknown, NoSnapshot, NoWorkplaceReport)},
)
async def workplace(
    plan: PlanName, workplace: Workplace, year: Year, _caller: Colleague, shelf: Shelf, analysts: Asked, language: Language = "ja"
) -> HTMLResponse:
    """Read the report for an employer; there is none of fewer than fifty people."""
    return Page(await use_cases.report_workplace(shelf, analysts, plan, workplace, year, language))
