"""Points for the insurer: rules, runs, facts, books."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.problems import Unavailable, problems
from fastapi import APIRouter, Path, Response
from protocol.messages.point_corrections import Correction, Corrections, DecideCorrection, ProposeCorrection
from protocol.messages.point_rules import (
    Books,
    Budgets,
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

from programs.order_errors import PointsShort
from programs.point_errors import BooksDisagree, CorrectionRefused, RuleDiffers, RuleUnknown, RunRefused
from programs.use_cases import point_corrections
from programs.use_cases.grant_points import grant_points
from programs.use_cases.point_books import as_csv, read_accounts, read_books, read_budgets
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


@router.get(
    "/staff/points/accounts.csv",
    summary="Take the accounts along by month",
    response_class=Response,
    responses=problems(*STAFF_PROBLEMS, BooksDisagree),
)
async def accounts_csv(_caller: Manager, db: Db) -> Response:
    """Read every account by month as CSV, debits and credits, when the books agree."""
    return Response(await read_accounts(db), media_type="text/csv; charset=utf-8")


@router.get("/staff/points/budgets", summary="Read the budgets", responses=problems(*STAFF_PROBLEMS))
async def budgets(_caller: Manager, db: Db, now: Now) -> Budgets:
    """Read what each rule may grant in this fiscal year, and what it has granted."""
    return await read_budgets(db, now.now().date())


@router.get("/staff/point-corrections", summary="Read corrections", responses=problems(*STAFF_PROBLEMS))
async def corrections(_caller: Manager, db: Db) -> Corrections:
    """Read corrections by hand: those to be decided first."""
    return await point_corrections.read(db)


@router.post("/staff/point-corrections", summary="Propose a correction", responses=problems(*STAFF_PROBLEMS, CorrectionRefused))
async def propose(request: ProposeCorrection, caller: Manager, db: Db, now: Now) -> Correction:
    """Propose to give points to a member, or to take some back; another of the staff decides."""
    return await point_corrections.propose(db, caller, request, now.now().date())


@router.post(
    "/staff/point-corrections/decisions",
    summary="Decide on a correction",
    responses=problems(*STAFF_PROBLEMS, CorrectionRefused, PointsShort),
)
async def decide(request: DecideCorrection, caller: Manager, db: Db, now: Now) -> Correction:
    """Approve or decline what somebody else proposed."""
    return await point_corrections.decide(db, caller, request, now.now().date())


@router.post("/point-facts", tags=["imports"], summary="Say what happened", responses=problems(*CALL_PROBLEMS, RowsRefused))
async def facts(request: PointFacts, caller: Ingest, db: Db) -> PointFactsStored:
    """Keep facts that rules ask for; a repeated call changes nothing."""
    return await store_facts(db, caller, request.rows)


@router.post("/point-facts/withdrawals", tags=["imports"], summary="Take back", responses=problems(*CALL_PROBLEMS, RowsRefused))
async def withdraw(request: PointFacts, caller: Ingest, db: Db) -> PointFactsStored:
    """Forget facts about the wrong member; a repeated call changes nothing."""
    return await withdraw_facts(db, caller, request.rows)
