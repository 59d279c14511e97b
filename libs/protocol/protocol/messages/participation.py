"""The level of taking part in programs, of a half-year, as a device tells anon-data by consent (:mod:`protocol.participation`)."""

from datetime import date

from protocol.participation import Level

from .base import Message


class TellParticipation(Message):
    """``PUT /me/participation``: of the last half-year that is over. What was told first stays."""

    first: date
    """First day of the half-year."""
    level: Level


class Participation(Message):
    """``GET /me/participation``: what was told, the newest first."""

    levels: tuple[TellParticipation, ...]
