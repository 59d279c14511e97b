"""Results that leave the house as a file: asked for by an analyst, approved by somebody else, with a watermark."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from .analysis import AskedQuestion, Month
from .base import Message
from .comparisons import AskedComparison

ExportId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""Random, made by whoever asks."""
ExportForm = Literal["csv", "xlsx"]
ExportState = Literal["asked", "approved", "refused"]


class AskExport(Message):
    """``POST /staff/analysis/exports``: the same again changes nothing."""

    id: ExportId
    of: AskedQuestion | AskedComparison
    form: ExportForm
    purpose: Annotated[str, Field(min_length=1, max_length=200)]
    """For whom it is and why, for whoever approves it."""


class Export(Message):
    """A line of the log. `of` as it was asked; its numbers are those of then, whenever it is decided."""

    id: ExportId
    of: AskedQuestion | AskedComparison
    form: ExportForm
    purpose: str
    snapshot: Month
    definitions: str
    """One hash of all definitions, as the watermark has it."""
    asked_by: str
    asked: date
    state: ExportState
    decided_by: str | None = None
    decided: date | None = None
    taken_by: str | None = None
    """Who took the file first."""
    taken: date | None = None


class Exports(Message):
    """``GET /staff/analysis/exports``: those to be decided first, then the newest."""

    exports: tuple[Export, ...]


class ExportShown(Message):
    """``GET /staff/analysis/exports/{id}``: what leaves, for whoever decides."""

    export: Export
    head: tuple[str, ...]
    lines: tuple[tuple[int | float | str | None, ...], ...]
    notes: tuple[str, ...]


class DecideExport(Message):
    """``POST /staff/analysis/exports/decisions``, by the office."""

    id: ExportId
    approved: bool
