"""Points at programs, as a member sees their own."""

from datetime import date
from typing import Literal

from .base import Message

Against = Literal["issued", "redeemed", "expired"]
"""The other side of a transfer."""


class PointLot(Message):
    """Points that may be spent until a day (UTC), that day included."""

    expires: date
    points: int


class PointEntry(Message):
    """One transfer to the member, or, negative, from the member."""

    amount: int
    against: Against
    party: str
    """The rule by which points were issued, or the supplier with whom they were redeemed."""
    day: date
    expires: date | None
    """Where these points are a lot of their own."""
    refund: bool


class Points(Message):
    """``GET /me/points``: what the member has, by when it must be spent, and the newest transfers."""

    posted: int
    held: int
    """Waiting for what becomes of orders; part of ``posted``."""
    lots: tuple[PointLot, ...]
    """The earliest to expire first; they sum to ``posted``."""
    entries: tuple[PointEntry, ...]
    """The newest first, 200 at most where no more are asked for (``?most=``)."""
