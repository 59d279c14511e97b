"""Bodies that age plausibly: hidden constitutions, and what an examination would measure in a year.

The means and spreads are rounded from what national surveys of Japanese adults publish; they are meant to give realistic shares
of overweight, hypertension, diabetes and smoking, not to reproduce any table.
"""

from dataclasses import dataclass
from math import exp, sqrt
from random import Random

_STABLE = 0.85
"""Share of a measure's variance that belongs to the person; the rest changes from year to year."""

_TRAITS = ("bmi", "waist", "pressure", "pulse", "triglycerides", "hdl", "ldl", "liver", "gamma", "glucose", "kidney", "blood")


@dataclass(frozen=True, slots=True)
class Constitution:
    """What stays with a person: standard normal traits, and habits that change rarely.

    `smoking`: code of list .24060. `drinking`: 0 never to 1 daily. `diabetic`: extra fasting glucose in mg/dL, 0 for most.
    """

    male: bool
    height: float
    traits: dict[str, float]
    smoking: str
    drinking: float
    diabetic: float
    treated_if_high: float


@dataclass(frozen=True, slots=True)
class Measures:
    """One year's numbers, unrounded. Units: cm, kg, kg/m2, mm[Hg], mg/dL, U/L, %, g/dL, 10*4/mm3."""

    height: float
    weight: float
    waist: float
    systolic: float
    diastolic: float
    triglycerides: float
    hdl: float
    ldl: float
    ast: float
    alt: float
    gamma: float
    glucose: float
    hba1c: float
    creatinine: float
    hemoglobin: float
    smoking: str
    medication_pressure: bool
    medication_glucose: bool
    medication_lipids: bool


def make_constitution(male: bool, age: int, rng: Random) -> Constitution:
    """Draw one person's constitution; men smoke at 25 %, women at 8 %."""
    smoking = rng.choices("123", (0.25, 0.30, 0.45) if male else (0.08, 0.09, 0.83))[0]
    diabetic_share = max(0.0, (age - 30) * (0.0055 if male else 0.003))
    return Constitution(
        male=male,
        height=rng.gauss(172.2, 5.7) - 0.09 * (age - 30) if male else rng.gauss(159.0, 5.3) - 0.09 * (age - 30),
        traits={trait: rng.gauss(0, 1) for trait in _TRAITS},
        smoking=smoking,
        drinking=min(1.0, max(0.0, rng.gauss(0.5 if male else 0.22, 0.32))),
        diabetic=rng.gammavariate(2.0, 16.0) + 12 if rng.random() < diabetic_share else 0.0,
        treated_if_high=rng.random(),
    )


def measure(person: Constitution, age: int, rng: Random) -> Measures:
    """Return what this year's examination finds at this age, medication taken into account."""

    def z(trait: str) -> float:
        return sqrt(_STABLE) * person.traits[trait] + sqrt(1 - _STABLE) * rng.gauss(0, 1)

    male = person.male
    log_bmi = (3.165 + 0.135 * z("bmi") if male else 3.085 + 0.155 * z("bmi")) + 0.0012 * (age - 50)
    bmi = min(48.0, max(15.0, exp(log_bmi)))
    over = bmi - 23.0
    waist = (83.0 if male else 79.5) + (2.35 if male else 2.15) * over + 0.10 * (age - 50) + 3.0 * z("waist")
    systolic = (121.5 if male else 115.0) + (0.40 if male else 0.60) * (age - 45) + 1.0 * over + 13.5 * z("pressure")
    diastolic = 0.52 * systolic + (15.5 if age < 60 else 12.5) + 4.5 * z("pulse")
    lipid_z = z("triglycerides")
    triglycerides = exp((4.58 if male else 4.28) + 0.05 * over + 0.42 * lipid_z + 0.10 * person.drinking)
    hdl = (57.0 if male else 68.0) - 1.1 * over - 4.0 * lipid_z + 10.5 * z("hdl") + 5.0 * person.drinking
    ldl = (121.0 if male else 112.0 + max(0, min(12, age - 46)) * 1.6) + 0.8 * over + 27.0 * z("ldl")
    alt = exp((2.98 if male else 2.70) + 0.055 * over + 0.36 * z("liver"))
    ast = exp(2.62 + 0.16 * (alt / 20) + 0.12 * person.drinking + 0.20 * rng.gauss(0, 1))
    gamma = exp((3.10 if male else 2.68) + 0.05 * over + 0.95 * person.drinking + 0.45 * z("gamma"))
    glucose = (93.0 if male else 89.5) + 0.28 * (age - 45) + 0.75 * over + 6.5 * z("glucose") + person.diabetic
    hba1c = 2.95 + 0.0268 * glucose + 0.14 * rng.gauss(0, 1)

    treated_share = person.treated_if_high + 0.012 * (60 - age)
    pressure_pills = systolic >= 132 and treated_share < 0.72
    glucose_pills = person.diabetic > 20 and treated_share < 0.66
    lipid_pills = ldl >= 158 and treated_share < 0.5
    return Measures(
        height=person.height,
        weight=bmi * (person.height / 100) ** 2,
        waist=min(180.0, max(52.0, waist)),
        systolic=min(240.0, max(78.0, systolic - (13 if pressure_pills else 0))),
        diastolic=min(145.0, max(42.0, diastolic - (8 if pressure_pills else 0))),
        triglycerides=max(22.0, triglycerides * (0.85 if lipid_pills else 1)),
        hdl=max(18.0, hdl),
        ldl=max(28.0, ldl - (45 if lipid_pills else 0)),
        ast=max(7.0, ast),
        alt=max(4.0, alt),
        gamma=max(6.0, gamma),
        glucose=max(62.0, glucose - (14 if glucose_pills else 0)),
        hba1c=max(4.2, hba1c - (0.4 if glucose_pills else 0)),
        creatinine=max(0.35, (0.85 if male else 0.65) + 0.0015 * (age - 50) + 0.11 * z("kidney")),
        hemoglobin=max(7.0, (15.0 if male else (12.9 if age < 50 else 13.3)) + (1.0 if male else 1.1) * z("blood")),
        smoking="2" if person.smoking == "1" and rng.random() < 0.04 else person.smoking,
        medication_pressure=pressure_pills,
        medication_glucose=glucose_pills,
        medication_lipids=lipid_pills,
    )


def egfr(creatinine: float, age: int, *, male: bool) -> float:
    """mL/min/1.73m2 by the Japanese equation of 2009: 194 Cr^-1.094 age^-0.287 (0.739 for women)."""
    return float(194 * creatinine**-1.094 * age**-0.287 * (1 if male else 0.739))
