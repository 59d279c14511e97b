"""What all five hosts share towards the registrar: windows signed by two officers, signed calls, quotas, signed lists."""

from pathlib import Path

from chassis.once import ROTATION
from fastapi import APIRouter

from .deps import CALL_PROBLEMS, RegistrarCall, registrar
from .errors import ProofRefused, QuotaExceeded, RowsRefused, SubjectRefused
from .routes import officers as _officers
from .routes import windows as _windows
from .start import Deployed, started
from .store.signed_lists import ListStore, list_tables
from .subjects import require_subjects
from .use_cases.officers import current as current_officers
from .use_cases.officers import later as later_officers
from .use_cases.officers import numbered as numbered_officers
from .use_cases.signed_lists import NotLaterError
from .use_cases.signed_lists import number_of as list_number
from .use_cases.signed_lists import replace as replace_list
from .use_cases.signed_lists import verified as verified_list
from .use_cases.windows import purge, spend

ROUTER = APIRouter()
ROUTER.include_router(_windows.router)
ROUTER.include_router(_officers.router)
MIGRATIONS = Path(__file__).parent / "migrations"

__all__ = [
    "CALL_PROBLEMS",
    "MIGRATIONS",
    "ROTATION",
    "ROUTER",
    "Deployed",
    "ListStore",
    "NotLaterError",
    "ProofRefused",
    "QuotaExceeded",
    "RegistrarCall",
    "RowsRefused",
    "SubjectRefused",
    "current_officers",
    "later_officers",
    "list_number",
    "list_tables",
    "numbered_officers",
    "purge",
    "registrar",
    "replace_list",
    "require_subjects",
    "spend",
    "started",
    "verified_list",
]
