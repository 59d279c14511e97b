"""One examination as the coded results an institution would report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from health import body_mass_index, guidance_level, metabolic_syndrome

from .health import Measures, egfr
from .questionnaire import answers
from .results import Result, coded, facts, picked, quantity, text


@dataclass(frozen=True, slots=True)
class Laboratory:
    """An invented institution; `variant` picks which of the published methods it uses."""

    number: str
    name: str
    physician: str
    variant: int
    glucose: str  # both, fasting or hba1c
    pressures: str  # first, twice or mean


@dataclass(frozen=True, slots=True)
class Exam:
    """One person's examination: who made it, when, and its results in reporting order."""

    laboratory: Laboratory
    day: date
    program: str
    report: str
    results: tuple[Result, ...]


LABORATORIES = (
    Laboratory("9910000018", "架空第一健診センター", "架空医\u3000一号", 0, "both", "first"),
    Laboratory("9910000026", "見本総合病院", "見本医\u3000二号", 1, "both", "twice"),
    Laboratory("9910000034", "例題クリニック", "例題医\u3000三号", 0, "hba1c", "first"),
    Laboratory("9910000042", "空想健診プラザ", "空想医\u3000四号", 2, "both", "mean"),
    Laboratory("9910000059", "試験町診療所", "試験医\u3000五号", 1, "fasting", "first"),
    Laboratory("9910000067", "模型会健康管理室", "模型医\u3000六号", 0, "both", "twice"),
)


def examine(lab: Laboratory, day: date, measures: Measures, *, male: bool, age: int, rng: Random) -> Exam:
    """Report one year's measures; `age` is that at the fiscal year's end and decides which examination it is."""
    specific = 40 <= age <= 75
    fed = rng.choices(("2", "3", "4"), (0.94, 0.05, 0.01))[0]
    results = [
        *_body(measures, rng, specific),
        *_history(rng),
        *_pressure(lab, measures, rng),
        coded("hours-since-meal", fed),
        *_blood(lab, measures, fed, rng),
        *_urine(lab, measures, age, male, rng),
        *(_details(lab, measures, age, male, rng) if specific and rng.random() < 0.25 else ()),
    ]
    questions = list(answers(measures, rng))
    if specific:
        known = facts([*results, *questions], male=male, age=age)
        level = guidance_level(known)
        results.append(coded("metabolic-syndrome", metabolic_syndrome(known)))
        if level is not None:
            results.append(coded("guidance-level", level))
    results.append(replace(text("physician-diagnosis", _verdict(results)), author=lab.physician))
    program, report = ("010", "10") if specific else ("030", "40")
    return Exam(lab, day, program, report, (*results, *questions))


def _body(found: Measures, rng: Random, specific: bool) -> Iterator[Result]:
    height = quantity("body-height", found.height)
    weight = quantity("body-weight", found.weight)
    yield height
    yield weight
    yield quantity("body-mass-index", body_mass_index(Decimal(height.value), Decimal(weight.value)))
    if not specific:
        return
    chance = rng.random()
    if chance < 0.01:
        yield quantity("visceral-fat-area", max(12.0, 100 + (found.waist - 88) * 6.5))
    elif chance < 0.015:
        yield replace(picked("waist-circumference", 0), negated=True)
    else:
        yield quantity("waist-circumference", found.waist, 0 if chance < 0.97 else 1 if chance < 0.985 else 2)


def _history(rng: Random) -> Iterator[Result]:
    for name, share in (("medical-history", 0.18), ("subjective-symptoms", 0.12), ("objective-symptoms", 0.03)):
        noteworthy = rng.random() < share
        yield coded(name, "1" if noteworthy else "2")
        if noteworthy:
            yield text(f"{name}-text", "試験用の架空の記載")


def _pressure(lab: Laboratory, found: Measures, rng: Random) -> Iterator[Result]:
    """Methods in the table's order: other (a mean), second, first."""
    for name, value in (("systolic-blood-pressure", found.systolic), ("diastolic-blood-pressure", found.diastolic)):
        if lab.pressures == "mean":
            yield quantity(name, value, 0)
            continue
        if lab.pressures == "twice":
            yield quantity(name, value, 1)
            yield quantity(name, value + abs(rng.gauss(3, 3)), 2)
            continue
        yield quantity(name, value, 2)


def _blood(lab: Laboratory, found: Measures, fed: str, rng: Random) -> Iterator[Result]:
    fasting = fed == "2"
    fats = found.triglycerides if fasting else found.triglycerides * 1.25
    if rng.random() < 0.002:
        fats *= 40
    yield quantity("triglycerides-fasting" if fasting else "triglycerides-casual", fats, lab.variant)
    hdl = quantity("hdl-cholesterol", found.hdl, lab.variant)
    yield replace(hdl, value="", null="NI", interpretation=None) if rng.random() < 0.003 else hdl
    if fats >= 400 or not fasting:
        yield quantity("non-hdl-cholesterol", found.ldl + min(fats, 400) / 5)
    else:
        yield quantity("ldl-cholesterol", found.ldl, 3 if lab.variant == 2 else lab.variant)
    method = min(lab.variant, 1)
    yield quantity("ast", found.ast, method)
    yield quantity("alt", found.alt, method)
    yield quantity("gamma-gt", found.gamma, method)
    if lab.glucose != "hba1c":
        if fasting:
            yield quantity("glucose-fasting", found.glucose, lab.variant + 1)
        elif fed == "3":
            yield quantity("glucose-casual", found.glucose * 1.08 + 4, lab.variant + 1)
    if lab.glucose != "fasting" or fed == "4":
        yield quantity("hba1c-ngsp", found.hba1c, lab.variant)


def _urine(lab: Laboratory, found: Measures, age: int, male: bool, rng: Random) -> Iterator[Result]:
    method = min(lab.variant, 1)
    names = ("urine-glucose", "urine-protein")
    chance = rng.random()
    if chance < (0.001 if male or age >= 52 else 0.015):
        for name in names:
            yield replace(picked(name, method), negated=True)
        yield coded("not-done-reason", "3" if male or age >= 52 else "1")
        return
    if chance > 0.998:
        for name in names:
            yield replace(picked(name, method), null="NI")
        yield coded("not-done-reason", "2")
        return
    sugar = rng.choices("12345", (0.2, 0.1, 0.2, 0.3, 0.2))[0] if found.glucose > 175 else rng.choices("12", (0.985, 0.015))[0]
    yield coded("urine-glucose", sugar, method)
    yield coded("urine-protein", rng.choices("12345", (0.915, 0.055, 0.02, 0.007, 0.003))[0], method)


def _details(lab: Laboratory, found: Measures, age: int, male: bool, rng: Random) -> Iterator[Result]:
    """Return the detail examinations: each in its own group, with the reason it was made for."""
    reason = "試験用の架空の実施理由"
    creatinine = quantity("creatinine", found.creatinine, min(lab.variant, 1))
    yield creatinine
    yield coded("creatinine-eligibility", "1")
    yield text("creatinine-reason", reason)
    yield quantity("egfr", egfr(float(creatinine.value), age, male=male))
    yield quantity("hematocrit", found.hemoglobin * 3.0)
    yield quantity("hemoglobin", found.hemoglobin)
    yield quantity("red-blood-cells", found.hemoglobin * 31.5 + rng.gauss(0, 14))
    yield text("anemia-reason", reason)
    finding = rng.random() < 0.15
    yield coded("ecg-finding", "1" if finding else "2")
    if finding:
        yield text("ecg-finding-text", "試験用の架空の所見")
    yield coded("ecg-eligibility", "1")
    yield text("ecg-reason", reason)
    if rng.random() < 0.4:
        yield coded("fundus-wong-mitchell", rng.choices("1234", (0.86, 0.09, 0.04, 0.01))[0])
        yield coded("fundus-eligibility", "1")
        yield text("fundus-reason", reason)


def _verdict(results: Sequence[Result]) -> str:
    abnormal = sum(result.interpretation in ("H", "L") for result in results)
    return "架空判定:異常なし" if not abnormal else "架空判定:要経過観察" if abnormal < 4 else "架空判定:要受診"
