"""What a snapshot is made from and what it holds: one row for each member and fiscal year."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

FACTS = (
    *("guidance", "exercise", "eating", "drinking", "sleep", "urgency", "doctor_3_months", "doctor_10_months", "portal_use"),
    *("portal_before", "screening_stomach", "screening_lung", "screening_colorectal", "screening_breast", "screening_cervix"),
)
"""Attributes that measures count and nobody is told apart by."""
AMOUNTS = ("months", "yen", "medical_claims", "medical_days", "medical_yen", "generic_amount", "replaceable_amount")
BANDS = ((75, "75+"), (65, "65-74"), (60, "60-64"), (50, "50-59"), (40, "40-49"), (30, "30-39"), (20, "20-29"), (10, "10-19"))


class Disease(NamedTuple):
    """A class of four digits, None where it is not known, and the group that it is of."""

    number: str | None
    group: str


@dataclass(frozen=True, slots=True)
class MemberYear:
    """A member's fiscal year as it is read, before blocks: `person` is any name that is the same in each of their years.

    `attributes`: the level on the finest rung, by variable or fact, absent where it is not known. `amounts`: zero where absent.
    `diseases`: what was billed for each, in yen.
    """

    person: bytes
    fiscal_year: int
    age: int
    sex: str
    relation: str
    workplace: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    amounts: Mapping[str, float] = field(default_factory=dict)
    diseases: Mapping[Disease, float] = field(default_factory=dict)


def age_band(age: int) -> str:
    """Return the band of an age in years."""
    return next((name for lowest, name in BANDS if age >= lowest), "0-9")
