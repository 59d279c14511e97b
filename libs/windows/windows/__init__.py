"""What all five hosts share towards the registrar: windows signed by two officers, signed calls, quotas."""

from pathlib import Path

from chassis.once import ROTATION

from .deps import CALL_PROBLEMS, RegistrarCall, registrar
from .errors import ProofRefused, QuotaExceeded, RowsRefused
from .routes.windows import router as ROUTER  # noqa: N812  # a constant of this package
from .start import Deployed, started
from .use_cases.windows import purge, spend

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
    "purge",
    "registrar",
    "spend",
    "started",
]
