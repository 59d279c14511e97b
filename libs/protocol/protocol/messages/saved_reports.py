"""Reports that analysts and the office keep: questions under a name, answered once of each snapshot."""

from datetime import date
from typing import Annotated

from pydantic import Field

from .analysis import AnsweredQuestion, CohortName, Condition, Month, Name
from .base import Message

Kept = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""What a report, or one of its questions, is called."""
QUESTIONS = 24
"""Of a report at most."""
REPORTS = 200
"""Kept at most."""


class KeptQuestion(Message):
    """A question of a report, with the fields of ``AskedQuestion``."""

    name: Kept
    measure: Name
    year: int | None = None
    by: Annotated[tuple[Name, ...], Field(max_length=8)] = ()
    where: Annotated[tuple[Condition, ...], Field(max_length=8)] = ()
    cohort: CohortName | None = None


class PutReport(Message):
    """``PUT /staff/analysis/reports/{report}``: other questions are the next version, the same ones change nothing."""

    questions: Annotated[tuple[KeptQuestion, ...], Field(min_length=1, max_length=QUESTIONS)]
    employer: bool = False
    """For somebody else's eyes: nothing of fewer than fifty people."""


class SavedReport(Message):
    """A report, and the months of which there are results, the latest first."""

    name: Kept
    version: int
    report: PutReport
    saved_by: str
    """The passkey of whoever saved this version."""
    saved: date
    months: tuple[Month, ...]


class SavedReports(Message):
    """``GET /staff/analysis/reports``, by name."""

    reports: tuple[SavedReport, ...]


class KeptAnswer(Message):
    """What a question of a report was answered."""

    name: Kept
    answer: AnsweredQuestion


class ReportResult(Message):
    """``GET /staff/analysis/reports/{report}/results/{month}``: all answers, or why there are none."""

    snapshot: Month
    version: int
    """Of the report."""
    employer: bool
    definitions: dict[str, str]
    """SHA-256 of each file of definitions, in hexadecimal."""
    answers: tuple[KeptAnswer, ...]
    refused: str | None = None
    """The reason of a question that can no longer be asked, as of a year that the snapshot no longer has."""
