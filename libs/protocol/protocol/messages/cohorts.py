"""Cohorts that analysts define: asked when somebody of another role approved them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .analysis import CohortName, Level, Name
from .base import Message
from .saved_reports import Kept

COHORTS = 500
"""Versions kept at most."""
CohortState = Literal["proposed", "approved", "refused"]


class CohortList(Message):
    """Of one variable whoever has one of these levels of a rung."""

    rung: Name
    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=500)]


class RegisterCohort(Message):
    """``POST /staff/analysis/cohorts``: the next version of a name. Who is meant has a level of each list."""

    name: Kept
    among: Annotated[tuple[CohortList, ...], Field(min_length=1, max_length=4)]
    purpose: Annotated[str, Field(min_length=1, max_length=200)]
    """What it is needed for, for whoever approves it."""


class RegisteredCohort(Message):
    """A version of a cohort: never changed, decided once."""

    cohort: CohortName
    among: tuple[CohortList, ...]
    purpose: str
    state: CohortState
    registered_by: str
    """The passkey of the analyst."""
    registered: date
    decided_by: str | None = None
    decided: date | None = None


class RegisteredCohorts(Message):
    """``GET /staff/analysis/cohorts``: those to be decided first."""

    cohorts: tuple[RegisteredCohort, ...]


class DecideCohort(Message):
    """``POST /staff/analysis/cohorts/decisions``, by the office."""

    cohort: CohortName
    approved: bool
