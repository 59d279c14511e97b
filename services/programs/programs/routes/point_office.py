"""Points for the insurer: rules, runs, facts, books."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import Unavailable, problems
from fastapi import APIRouter, Path, Response
from protocol.messages.point_rules import (
    Books,
    GrantPoints,
    PointFacts,
    PointFactsStored,
    PointRun,
    Rule,
    RuleId,
    Rules,
    RuleVersion,
)
from staff import STAFF_PROBLEMS, StaffCall, staff
from windows import CALL_PROBLEMS, RegistrarCall, RowsRefused, registrar

from programs.point_errors import RuleDiffers, RuleUnknown, RunRefused
from programs.use_cases.grant_points import grant_points
from programs.use_cases.point_books import as_csv, read_books
from programs.use_cases.point_facts import store_facts, withdraw_facts
from programs.use_cases.point_rules import put_rule, read_rules

router = APIRouter(tags=["points"])

Manager = Annotated[StaffCall, staff("program-manager", "office")]
Ingest = Annotated[RegistrarCall, registrar("ingest")]
Version = Annotated[int, Path(ge=1, le=30_000)]


@router.get("/point-rules", summary="Read the rules", responses=problems(Unavailable))
async def rules(db: Db) -> Rules:
    """Read by what rules points are granted; anybody may."""
    return await read_rules(db)


@router.put(
    "/staff/point-rules/{rule}/{version}",
    summary="Write the next version of a rule",
    responses=problems(*STAFF_PROBLEMS, RuleDiffers),
)
async def put(rule: RuleId, version: Version, request: Rule, _caller: Manager, db: Db, now: Now, response: Response) -> RuleVersion:
    """Write the next version; the newest one again changes nothing."""
    written, new = await put_rule(db, RuleVersion(id=rule, version=version, rule=request), now.now().date())
    response.status_code = 201 if new else 200
    return written


@router.post("/staff/point-runs", summary="Grant points", responses=problems(*STAFF_PROBLEMS, RuleUnknown, RunRefused))
async def grant(request: GrantPoints, _caller: Manager, db: Db, now: Now) -> PointRun:
    """Give everybody what a rule gives for a period, once, or say what that would be."""
    return await grant_points(db, request, now.now().date())


@router.get("/staff/points/books", summary="Check the books", responses=problems(*STAFF_PROBLEMS))
async def books(_caller: Manager, db: Db) -> Books:
    """Read the sums that must agree, and every side of the books by fiscal year and party."""
    return await read_books(db)


@router.get("/staff/points/books.csv", summary="Take the books along", response_class=Response, responses=problems(*STAFF_PROBLEMS))
async def books_csv(_caller: Manager, db: Db) -> Response:
    """Read every side of the books as CSV."""
    return Response(as_csv(await read_books(db)), media_type="text/csv; charset=utf-8")


@router.post("/point-facts", tags=["imports"], summary="Say what happened", responses=problems(*CALL_PROBLEMS, RowsRefused))
async def facts(request: PointFacts, caller: Ingest, db: Db) -> PointFactsStored:
    """Keep facts that rules ask for; a repeated call changes nothing."""
    return await store_facts(db, caller, request.rows)


@router.post("/point-facts/withdrawals", tags=["imports"], summary="Take back", responses=problems(*CALL_PROBLEMS, RowsRefused))
async def withdraw(request: PointFacts, caller: Ingest, db: Db) -> PointFactsStored:
    """Forget facts about the wrong member; a repeated call changes nothing."""
    return await withdraw_facts(db, caller, request.rows)
