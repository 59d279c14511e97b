"""The insurer's Data Health Plans at anon-data, whose reviews and reports for workplaces are pages."""

from typing import Annotated

from pydantic import Field

from .analysis import Title
from .base import Message

PlanName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class PlanEntry(Message):
    """A plan by its file's name; `version` rises whenever a change of it was agreed."""

    name: PlanName
    title: Title
    version: int
    first_year: int
    last_year: int


class Plans(Message):
    """``GET /staff/plans``."""

    plans: tuple[PlanEntry, ...]
