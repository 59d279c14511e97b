"""What a member reads of checkups and medical claims as they were before they were corrected or cancelled."""

from datetime import date

from .base import Message
from .medical_claims import MedicalClaim
from .records import Checkup, Item


class FormerCheckup(Message):
    """One checkup as it was until another content took its place."""

    replaced: date
    """UTC."""
    checkup: Checkup


class FormerCheckups(Message):
    """``GET /me/former-checkups``: by checkup, the newest first, of each the last version first; and the items they use."""

    checkups: tuple[FormerCheckup, ...]
    items: tuple[Item, ...]


class FormerClaim(Message):
    """One medical claim as it was until it was replaced or cancelled."""

    replaced: date
    """UTC."""
    cancelled: bool
    """Whether it was cancelled, rather than replaced by a later version."""
    claim: MedicalClaim
    """Without diagnoses and drugs, which are in the details."""


class FormerClaims(Message):
    """``GET /me/former-claims?since=&until=``: the newest month first, of each claim the last version first."""

    claims: tuple[FormerClaim, ...]
