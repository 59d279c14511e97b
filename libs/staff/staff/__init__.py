"""What the two pseudonymous hosts share towards staff: passkeys listed by two officers, sessions, roles in signatures."""

from pathlib import Path

from fastapi import APIRouter

from staff.deps import STAFF_PROBLEMS, StaffCall, staff
from staff.routes import lists, sessions
from staff.use_cases.sessions import purge

ROUTER = APIRouter(prefix="/staff", tags=["staff"])
for _routes in (lists, sessions):
    ROUTER.include_router(_routes.router)

MIGRATIONS = Path(__file__).parent / "migrations"
EMPTIED_TABLES = ("staff_session",)
"""What the seal empties: every session ends, and its row does not stay in the file as a dead one."""

__all__ = ["EMPTIED_TABLES", "MIGRATIONS", "ROUTER", "STAFF_PROBLEMS", "StaffCall", "purge", "staff"]
