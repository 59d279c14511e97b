"""What the rules look at, as one value."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

Sex = Literal["male", "female"]
Ternary = bool | None
"""None is not known."""

_DIGITS = 100
"""Enough that no number of a file makes the division raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One checkup's facts; None where something was not measured, not asked or not measurable.

    Units: cm, cm2 (visceral fat), kg, kg/m2, mm[Hg], mg/dL, % NGSP. `age` is the age reached by 31 March of the fiscal year.
    `soon_after_meal`: drawn less than 3.5 hours after a meal, so casual values say nothing. `smokes`: within the last month.
    """

    sex: Sex | None
    age: int
    height: Decimal | None = None
    weight: Decimal | None = None
    bmi: Decimal | None = None
    waist: Decimal | None = None
    visceral_fat: Decimal | None = None
    systolic: Decimal | None = None
    diastolic: Decimal | None = None
    triglycerides_fasting: Decimal | None = None
    triglycerides_casual: Decimal | None = None
    hdl: Decimal | None = None
    glucose_fasting: Decimal | None = None
    hba1c: Decimal | None = None
    glucose_casual: Decimal | None = None
    soon_after_meal: bool = False
    smokes: Ternary = None
    medication_pressure: Ternary = None
    medication_glucose: Ternary = None
    medication_lipids: Ternary = None

    @property
    def calculated_bmi(self) -> Decimal | None:
        """The BMI of height and weight, where there are both."""
        return body_mass_index(self.height, self.weight) if self.height and self.weight else None

    @property
    def judged_bmi(self) -> Decimal | None:
        """The BMI that counts: the reported one, else that of height and weight."""
        return self.calculated_bmi if self.bmi is None else self.bmi


def body_mass_index(height: Decimal, weight: Decimal) -> Decimal:
    """Return kg/m2 from cm (above 0) and kg, rounded half up to one decimal."""
    with localcontext(prec=_DIGITS):
        return (weight * 10_000 / (height * height)).quantize(Decimal("0.1"), ROUND_HALF_UP)
