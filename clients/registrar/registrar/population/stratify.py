"""特定保健指導 levels and the metabolic syndrome, as the ministry's standard programme (令和6年度版) defines them.

A value that is not there is unknown, not normal. Both decisions are therefore evaluated over every way the unknown parts could
turn out: when all give the same answer that is the answer, otherwise it is `4` (undecidable).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Literal

Level = Literal["1", "2", "3", "4"]
Ternary = bool | None

_HBA1C_GUIDANCE = Decimal("5.6")
_HBA1C_SYNDROME = Decimal("6.0")


@dataclass(frozen=True, slots=True)
class Findings:
    """What the decisions look at; None where it was not measured, not asked or not measurable.

    Units: cm, cm2 (visceral fat), kg/m2, mm[Hg], mg/dL, % NGSP. `age` is the age reached by 31 March of the fiscal year.
    `soon_after_meal`: drawn less than 3.5 hours after a meal, so casual values say nothing. `smokes`: code 1 of the 4th term only.
    """

    male: bool
    age: int
    waist: Decimal | None = None
    visceral_fat: Decimal | None = None
    bmi: Decimal | None = None
    height: Decimal | None = None
    weight: Decimal | None = None
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


def body_mass_index(height: Decimal, weight: Decimal) -> Decimal:
    """kg/m2 from cm and kg, rounded half up to one decimal."""
    return (weight * 10_000 / (height * height)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def guidance_level(found: Findings) -> Level | None:
    """Item 9N506: 1 active support, 2 motivational support, 3 information only, 4 undecidable; None outside the ages 40 to 75.

    Who turns 75 within the fiscal year was examined while still a member and follows the rule for 65 to 74.
    """
    if not 40 <= found.age <= 75:
        return None
    medication = _any(found.medication_pressure, found.medication_glucose, found.medication_lipids)
    parts = (
        medication,
        _abdominal_fat(found),
        _at_least(_bmi(found), 25),
        _pressure(found),
        _any(_triglycerides(found, 175), _below(found.hdl, 40)),
        _glucose(found, 100, _HBA1C_GUIDANCE),
        found.smokes,
    )

    def decide(*known: bool) -> Level:
        medicated, abdominal, heavy, *risks, smokes = known
        return _level(medicated, abdominal, heavy, sum(risks), smokes, elderly=found.age >= 65)

    return _over_completions(parts, decide)


def metabolic_syndrome(found: Findings, *, casual_triglycerides: int = 175) -> Level:
    """Item 9N501: 1 present, 2 at risk, 3 absent, 4 undecidable.

    Unlike the guidance level, medication counts as a risk, the glucose limits are 110 mg/dL and 6.0 %, and neither BMI nor
    smoking is looked at. Whether casual triglycerides are judged at 175 here too is not settled by any published text.
    """
    parts = (
        _abdominal_fat(found),
        _any(_pressure(found), found.medication_pressure),
        _any(_triglycerides(found, casual_triglycerides), _below(found.hdl, 40), found.medication_lipids),
        _any(_glucose(found, 110, _HBA1C_SYNDROME), found.medication_glucose),
    )

    def decide(*known: bool) -> Level:
        abdominal, *risks = known
        if not abdominal or not any(risks):
            return "3"
        return "1" if sum(risks) >= 2 else "2"

    return _over_completions(parts, decide)


def _level(medicated: bool, abdominal: bool, heavy: bool, risks: int, smokes: bool, *, elderly: bool) -> Level:
    """Apply steps 1 to 4 to known facts."""
    if medicated or not (abdominal or heavy) or not risks:
        return "3"
    count = risks + smokes
    level: Level = "1" if count >= (2 if abdominal else 3) else "2"
    return "2" if elderly else level


def _over_completions(parts: Iterable[Ternary], decide: Callable[..., Level]) -> Level:
    outcomes = {decide(*known) for known in product(*((False, True) if part is None else (part,) for part in parts))}
    return outcomes.pop() if len(outcomes) == 1 else "4"


def _any(*parts: Ternary) -> Ternary:
    """Join by Kleene's or: true as soon as one is, false only when all are known to be."""
    if any(parts):
        return True
    return None if any(part is None for part in parts) else False


def _at_least(value: Decimal | None, limit: Decimal | int) -> Ternary:
    return None if value is None else value >= limit


def _below(value: Decimal | None, limit: Decimal | int) -> Ternary:
    return None if value is None else value < limit


def _abdominal_fat(found: Findings) -> Ternary:
    """Judge the visceral fat area where it was measured, else the waist."""
    if found.visceral_fat is not None:
        return found.visceral_fat >= 100
    return _at_least(found.waist, 85 if found.male else 90)


def _bmi(found: Findings) -> Decimal | None:
    if found.bmi is None and found.height is not None and found.weight is not None:
        return body_mass_index(found.height, found.weight)
    return found.bmi


def _pressure(found: Findings) -> Ternary:
    return _any(_at_least(found.systolic, 130), _at_least(found.diastolic, 85))


def _triglycerides(found: Findings, casual_limit: int) -> Ternary:
    if found.triglycerides_fasting is not None:
        return found.triglycerides_fasting >= 150
    return None if found.soon_after_meal else _at_least(found.triglycerides_casual, casual_limit)


def _glucose(found: Findings, glucose_limit: int, hba1c_limit: Decimal) -> Ternary:
    """Let fasting glucose decide where there is one, then HbA1c, then casual glucose."""
    if found.glucose_fasting is not None:
        return found.glucose_fasting >= glucose_limit
    if found.hba1c is not None:
        return found.hba1c >= hba1c_limit
    return None if found.soon_after_meal else _at_least(found.glucose_casual, glucose_limit)
