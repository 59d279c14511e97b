"""What all five hosts share towards the registrar: windows signed by two officers, signed calls, quotas."""

from pathlib import Path

from chassis.once import ROTATION
from fastapi import APIRouter

from .deps import CALL_PROBLEMS, RegistrarCall, registrar
from .errors import ProofRefused, QuotaExceeded, RowsRefused, SubjectRefused
from .routes import officers as _officers
from .routes import windows as _windows
from .start import Deployed, started
from .subjects import require_subjects
from .use_cases.officers import current as current_officers
from .use_cases.officers import later as later_officers
from .use_cases.officers import numbered as numbered_officers
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
    "ProofRefused",
    "QuotaExceeded",
    "RegistrarCall",
    "RowsRefused",
    "SubjectRefused",
    "current_officers",
    "later_officers",
    "numbered_officers",
    "purge",
    "registrar",
    "require_subjects",
    "spend",
    "started",
]
