"""Points that staff corrects by hand: one proposes, another approves, and the transfer stays in the books."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator

from .base import Bytes16, Message
from .point_rules import MOST_POINTS

PARTY = "staff:correction"
"""The party of such transfers in the books; no rule can be called so."""


class PutPointCase(Message):
    """``PUT /me/point-case``: a random name that the member tells the office; it takes the place of the one before."""

    id: Bytes16


class ProposeCorrection(Message):
    """``POST /staff/point-corrections``; the same again changes nothing."""

    id: Bytes16
    """Random."""
    about: Bytes16
    """The name of the member's case, or of one of their orders."""
    amount: Annotated[int, Field(ge=-MOST_POINTS, le=MOST_POINTS)]
    """To the member; negative: from the member, of the lots that expire first."""
    lasts_days: Annotated[int, Field(ge=1, le=1_100)] = 365
    """Days after that of the decision on which points to the member may be spent."""
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    """Why. It stays in the books, so it names nobody."""

    @field_validator("amount")
    @classmethod
    def _something(cls, amount: int) -> int:
        if amount == 0:
            raise ValueError("a correction moves points")
        return amount


class DecideCorrection(Message):
    """``POST /staff/point-corrections/decisions``, by somebody else than who proposed; the same again changes nothing."""

    id: Bytes16
    approved: bool


class Correction(ProposeCorrection):
    """A correction as it stands."""

    proposed_by: str
    proposed: date
    state: Literal["proposed", "approved", "declined"]
    decided_by: str | None
    decided: date | None


class Corrections(Message):
    """``GET /staff/point-corrections``: those to be decided first, then the newest, 500 at most."""

    corrections: tuple[Correction, ...]
