"""What a decision asks of the facts, one criterion at a time, and which values answered."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .facts import Facts, Ternary

Criterion = Literal["medication", "abdominal-fat", "bmi", "blood-pressure", "lipids", "glucose", "smoking"]
Side = Literal["at-least", "below"]

WAIST = {"male": Decimal(85), "female": Decimal(90)}
VISCERAL_FAT = Decimal(100)
BMI = Decimal(25)
SYSTOLIC = Decimal(130)
DIASTOLIC = Decimal(85)
TRIGLYCERIDES = Decimal(150)
HDL = Decimal(40)


@dataclass(frozen=True, slots=True)
class Reading:
    """One value against its limit.

    `item` is the short name of the item table. `value` is None where it is missing. `side` and `limit` are None for answers,
    which are met by a yes, and the limit also where it depends on a sex that is not known.
    """

    item: str
    value: Decimal | bool | None
    side: Side | None
    limit: Decimal | None
    met: Ternary


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion and the values that were looked at; it is met where one of them is."""

    criterion: Criterion
    readings: tuple[Reading, ...]

    @property
    def met(self) -> Ternary:
        """Kleene's or: true as soon as one is, false only when all are known to be."""
        return either(*(reading.met for reading in self.readings))

    @property
    def deciding(self) -> tuple[Reading, ...]:
        """The values that made it so.

        Of a met criterion those that are met: all of them would have to be otherwise, and what is missing beside them known.
        Of an unmet one all values: any of them would do. Of an open one those that are not known.
        """
        return tuple(reading for reading in self.readings if reading.met is self.met)


@dataclass(frozen=True, slots=True)
class GlucoseLimits:
    """From which value on glucose (mg/dL, fasting and casual) and HbA1c (% NGSP) count."""

    glucose: Decimal
    hba1c: Decimal


def either(*parts: Ternary) -> Ternary:
    """Join by Kleene's or."""
    if any(parts):
        return True
    return None if any(part is None for part in parts) else False


def abdominal_fat(facts: Facts) -> Judged:
    """Judge the visceral fat area where it was measured, else the waist."""
    if facts.visceral_fat is not None:
        return Judged("abdominal-fat", (_at_least("visceral-fat-area", facts.visceral_fat, VISCERAL_FAT),))
    return Judged("abdominal-fat", (_waist(facts),))


def body_mass(facts: Facts) -> Judged:
    """Judge the BMI."""
    return Judged("bmi", (_at_least("body-mass-index", facts.judged_bmi, BMI),))


def blood_pressure(facts: Facts, *, medication: bool = False) -> Judged:
    """Judge both pressures, with medication also whether it is treated."""
    readings = (
        _at_least("systolic-blood-pressure", facts.systolic, SYSTOLIC),
        _at_least("diastolic-blood-pressure", facts.diastolic, DIASTOLIC),
    )
    treated = (_answer("medication-blood-pressure", facts.medication_pressure),) if medication else ()
    return Judged("blood-pressure", (*readings, *treated))


def lipids(facts: Facts, casual_limit: Decimal, *, medication: bool = False) -> Judged:
    """Judge triglycerides, casual ones where there are no fasting ones, and HDL, with medication also treatment."""
    casual = None if facts.soon_after_meal else facts.triglycerides_casual
    if facts.triglycerides_fasting is None and casual is not None:
        fat = _at_least("triglycerides-casual", casual, casual_limit)
    else:
        fat = _at_least("triglycerides-fasting", facts.triglycerides_fasting, TRIGLYCERIDES)
    hdl = Reading("hdl-cholesterol", facts.hdl, "below", HDL, None if facts.hdl is None else facts.hdl < HDL)
    treated = (_answer("medication-lipids", facts.medication_lipids),) if medication else ()
    return Judged("lipids", (fat, hdl, *treated))


def glucose(facts: Facts, limits: GlucoseLimits, *, medication: bool = False) -> Judged:
    """Let fasting glucose decide where there is one, then HbA1c, then casual glucose; with medication also treatment."""
    casual = None if facts.soon_after_meal else facts.glucose_casual
    if facts.glucose_fasting is None and facts.hba1c is not None:
        reading = _at_least("hba1c-ngsp", facts.hba1c, limits.hba1c)
    elif facts.glucose_fasting is None and casual is not None:
        reading = _at_least("glucose-casual", casual, limits.glucose)
    else:
        reading = _at_least("glucose-fasting", facts.glucose_fasting, limits.glucose)
    treated = (_answer("medication-glucose", facts.medication_glucose),) if medication else ()
    return Judged("glucose", (reading, *treated))


def smoking(facts: Facts) -> Judged:
    """Judge whether the person smokes."""
    return Judged("smoking", (_answer("smoking", facts.smokes),))


def any_medication(facts: Facts) -> Judged:
    """Judge whether blood pressure, glucose or lipids are treated."""
    taken = (
        ("medication-blood-pressure", facts.medication_pressure),
        ("medication-glucose", facts.medication_glucose),
        ("medication-lipids", facts.medication_lipids),
    )
    return Judged("medication", tuple(_answer(item, answer) for item, answer in taken))


def _waist(facts: Facts) -> Reading:
    if facts.sex is not None:
        return _at_least("waist-circumference", facts.waist, WAIST[facts.sex])
    # Of somebody whose sex is not known only a waist between the two limits is undecided.
    verdicts = {None if facts.waist is None else facts.waist >= limit for limit in WAIST.values()}
    return Reading("waist-circumference", facts.waist, "at-least", None, verdicts.pop() if len(verdicts) == 1 else None)


def _at_least(item: str, value: Decimal | None, limit: Decimal) -> Reading:
    return Reading(item, value, "at-least", limit, None if value is None else value >= limit)


def _answer(item: str, answer: Ternary) -> Reading:
    return Reading(item, answer, None, None, answer)
