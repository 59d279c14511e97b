"""Invented receipts of a fiscal year: monthly visits of those with a lasting illness, colds, dentists, pharmacies, a few stays.

Everybody has random streams of their own for who they are and for each month, so that one person's change moves nobody else.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from registrar.importers.receipt_rows import (
    Diagnosis,
    Entry,
    Identifying,
    PublicPayer,
    ReceiptKind,
    ReceiptRow,
    ReceiptText,
)
from registrar.importers.rows import Institution
from registrar.importers.text import fold

from . import receipt_codes as codes
from .people import Person
from .receipt_codes import Act, Condition
from .receipt_file import file_name, write_receipts

KINDS: tuple[ReceiptKind, ...] = ("medical", "dpc", "dental", "pharmacy")
_SCHOOL_AGE = 6
_CHILDRENS_PAYER = "83990011"
"""A municipality's help for children, in a prefecture that does not exist."""
_SUPPLY = 28


@cache
def institutions(kind: ReceiptKind) -> tuple[Institution, ...]:
    """Return the institutions of one kind, in prefecture 99; clinics and hospitals share the points table of physicians."""
    table, first, count, name = {
        "medical": ("1", 100, 12, "架空診療所"),
        "dpc": ("1", 900, 3, "架空総合病院"),
        "dental": ("3", 300, 6, "架空歯科"),
        "pharmacy": ("4", 400, 8, "架空薬局"),
    }[kind]
    return tuple(Institution(f"99{table}{first + at:07d}", f"{name}第{at + 1}") for at in range(count))


@dataclass(frozen=True, slots=True, repr=False)
class _Patient:
    """What a person is like for all months."""

    lasting: tuple[Condition, ...]
    since: date
    monthly: bool
    frail: float
    """Factor on how often they fall ill."""
    clinic: Institution
    dentist: Institution
    pharmacy: Institution
    in_house: bool
    """Whether the clinic dispenses drugs itself."""


def write_year(folder: Path, people: Sequence[Person], fiscal_year: int, seed: int) -> dict[Path, int]:
    """Write a year's files into the folder, one for each kind and billing month, and return how many receipts each holds."""
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[Path, int] = {}
    for month in months(fiscal_year):
        rows = list(month_of(people, month, seed))
        for kind in KINDS:
            chosen = [row for row in rows if row.kind == kind]
            if chosen:
                path = folder / file_name(kind, _next(month))
                write_receipts(path, chosen)
                written[path] = len(chosen)
    return written


def months(fiscal_year: int) -> list[date]:
    """Return the first days of a fiscal year's months."""
    return [date(fiscal_year + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 16)]


def month_of(people: Sequence[Person], month: date, seed: int) -> Iterator[ReceiptRow]:
    """Yield everybody's receipts of a month as institutions bill them: by institution, numbered from 1 in each."""
    rows = [row for person in people if person.insured_on(month) for row in _receipts(person, month, seed)]
    numbers = Counter[str]()
    for row in sorted(rows, key=lambda row: (row.identifying.institution.number or "", row.kind)):
        place = f"{row.identifying.institution.number}{row.kind}"
        numbers[place] += 1
        number = numbers[place]
        medical = row.kind in ("medical", "dpc")
        search = f"{row.billing_month:%Y%m}{row.identifying.institution.number}{number:08d}" if medical else None
        yield replace(row, identifying=replace(row.identifying, receipt_number=number, search_number=search))


def _receipts(person: Person, month: date, seed: int) -> Iterator[ReceiptRow]:
    patient = _patient(person, Random(f"receipts {seed} {person.serial}"), month)  # noqa: S311 - repeatable, not secret
    rng = Random(f"receipts {seed} {person.serial} {month:%Y%m}")  # noqa: S311 - repeatable, not secret
    age = person.age_at(month)
    ill = list(patient.lasting) if patient.lasting and (patient.monthly or month.month % 2 == person.serial % 2) else []
    fresh = [codes.COLD] if rng.random() < patient.frail * (0.16 if age < 12 else 0.05) else []
    if month.month in (2, 3, 4) and person.serial % 5 == 0 and rng.random() < 0.5:
        fresh.append(codes.RHINITIS)
    if age > 30 and rng.random() < patient.frail * 0.02:
        fresh.append(codes.LEG_PAIN)
    if ill or fresh:
        yield _visit(person, patient, month, ill, fresh, rng)
        if not patient.in_house and rng.random() < 0.95:
            points = 70 + sum(_drug_points(one, _SUPPLY if one in ill else 5) for one in (*ill, *fresh))
            day = person.serial % 28 + 1
            drugs = (*_handed_out(ill, _SUPPLY, day), *_handed_out(fresh, 5, day))
            yield replace(_row(person, month, "pharmacy", patient.pharmacy, days=1, points=points), entries=drugs)
    if age > 2 and rng.random() < 0.09:
        days = rng.choice((1, 1, 2, 3))
        yield _row(person, month, "dental", patient.dentist, days=days, points=days * rng.randint(280, 620))
    if age > 25 and rng.random() < patient.frail * (0.002 if age < 50 else 0.006):
        yield _stay(person, month, rng)


def _patient(person: Person, rng: Random, month: date) -> _Patient:
    age = person.age_at(date(month.year, 4, 1))
    share = max(0.0, (age - 32) / 90)
    chances = ((codes.HYPERTENSION, share), (codes.CHOLESTEROL, share * 0.8), (codes.DIABETES, share * 0.4))
    return _Patient(
        lasting=tuple([condition for condition, chance in chances if rng.random() < chance]),
        since=date(2015 + rng.randrange(8), rng.randint(1, 12), 1),
        monthly=rng.random() < 0.7,
        frail=rng.lognormvariate(0, 0.6),
        clinic=rng.choice(institutions("medical")),
        dentist=rng.choice(institutions("dental")),
        pharmacy=rng.choice(institutions("pharmacy")),
        in_house=rng.random() < 0.25,
    )


def _visit(
    person: Person, patient: _Patient, month: date, ill: Sequence[Condition], fresh: Sequence[Condition], rng: Random
) -> ReceiptRow:
    """Return an outpatient receipt: visits, tests, and the drugs where the clinic dispenses them."""
    days = sorted(rng.sample(range(1, 28), rng.choice((1, 1, 1, 2))))
    first = not ill and rng.random() < 0.6
    entries = [_act(codes.FIRST_VISIT if first else codes.REVISIT, days[:1] if first else days)]
    if first and len(days) > 1:
        entries.append(_act(codes.REVISIT, days[1:]))
    if ill:
        entries.append(_act(codes.MANAGEMENT, days))
        if rng.random() < 0.4:
            tests = [codes.BLOOD_DRAWN, codes.BLOOD_COUNT, codes.BLOOD_JUDGED]
            tests += [codes.HBA1C] if codes.DIABETES in ill else []
            entries += [_act(act, days[:1]) for act in tests]
    supplied = [(one, _SUPPLY) for one in ill] + [(one, 5) for one in fresh]
    if patient.in_house:
        entries += [_drug(one, times, days[0]) for one, times in supplied]
        entries.append(_act(codes.DISPENSING, days[:1]))
    else:
        entries.append(_act(codes.PRESCRIPTION, days[:1]))
    started = [(one, patient.since, "1") for one in ill] + [(one, month.replace(day=days[0]), rng.choice("12")) for one in fresh]
    diagnoses = [Diagnosis(one.code, (), start, outcome, main=at == 0) for at, (one, start, outcome) in enumerate(started)]
    texts = []
    if rng.random() < 0.03:
        texts.append(ReceiptText("diagnosis", None, len(diagnoses), "架空の疲れ①"))
        diagnoses.append(Diagnosis("0000999", (), month.replace(day=days[0]), "1", main=False))
    if rng.random() < 0.1:
        texts.append(ReceiptText("comment", codes.TEXT_COMMENT, None, "経過は良好（見本）"))
    points = sum((entry.points or 0) * (entry.times or 1) for entry in entries)
    row = _row(person, month, "medical", patient.clinic, days=len(days), points=points)
    told = replace(row.identifying, texts=tuple(texts))
    return replace(row, diagnoses=tuple(diagnoses), entries=tuple(entries), identifying=told)


def _stay(person: Person, month: date, rng: Random) -> ReceiptRow:
    """Return a stay in hospital of a few days."""
    first, length = rng.randint(1, 20), rng.randint(2, 8)
    kind: ReceiptKind = rng.choice(("medical", "dpc"))
    days = range(first, first + length)
    entries = [_act(codes.POLYP_REMOVED, [first])] + ([_act(codes.WARD_DAY, days)] if kind == "medical" else [])
    points = codes.POLYP_REMOVED.points + codes.WARD_DAY.points * length
    row = _row(person, month, kind, rng.choice(institutions("dpc")), days=length, points=points, inpatient=True)
    return replace(
        row,
        own_payment=min(80_100, round(points * 3, -1)),
        diagnosis_group=codes.DIAGNOSIS_GROUP if kind == "dpc" else None,
        diagnoses=(Diagnosis(codes.COLON_POLYP.code, (), month.replace(day=first), "2", main=True),) if kind == "medical" else (),
        entries=tuple(entries),
    )


def _row(
    person: Person, month: date, kind: ReceiptKind, institution: Institution, *, days: int, points: int, inpatient: bool = False
) -> ReceiptRow:
    age = person.age_at(month)
    child = age < _SCHOOL_AGE
    medical = kind in ("medical", "dpc")
    group = 7 if age >= 70 else 3 if child else 1 if person.relation == "self" else 5
    code = f"{(institution.number or '')[2]}1{2 if child else 1}{group + (not inpatient)}"
    payers = (PublicPayer(_CHILDRENS_PAYER, days, points, 200 if medical else None),) if child else ()
    return ReceiptRow(
        insurer_number=person.insurer_number,
        symbol=person.symbol,
        number=person.number,
        branch=person.branch,
        birth_date=person.birth,
        sex="male" if person.male else "female",
        kana_name=fold(person.kana_name) if medical else "",
        claim_month=month,
        billing_month=_next(month),
        kind=kind,
        receipt_type=code,
        inpatient=inpatient,
        insured=None if age >= 70 else "self" if group == 1 else "dependant",
        days=days,
        points=points,
        own_payment=None,
        public_payers=payers,
        diagnosis_group=None,
        diagnoses=(),
        entries=(),
        identifying=Identifying(
            institution=institution,
            receipt_number=0,
            search_number=None,
            written_name=person.kanji_name,
            chart_number=f"{person.serial:06d}" if medical else None,
            recipients=tuple(f"{person.serial:07d}" for _ in payers),
            texts=(),
        ),
    )


def _act(act: Act, days: Sequence[int]) -> Entry:
    return Entry("act", act.section, "1", act.code, None, act.points, len(days), tuple((day, 1) for day in days))


def _drug(condition: Condition, times: int, day: int) -> Entry:
    drug = condition.drug
    points = _drug_points(condition, 1)
    return Entry("drug", "21", "1", drug.code, Decimal(drug.daily), points, times, ((day, times),))


def _handed_out(conditions: Sequence[Condition], times: int, day: int) -> Iterator[Entry]:
    """Yield a pharmacy's drugs of one prescription; the points of a day's portion stand at the last."""
    points = sum(_drug_points(one, 1) for one in conditions)
    for at, one in enumerate(conditions, 1):
        known = points if at == len(conditions) else None
        yield Entry("drug", None, "1", one.drug.code, Decimal(one.drug.daily), known, times, ((day, times),))


def _drug_points(condition: Condition, days: int) -> int:
    """Return the points for so many days: a point for each begun 10 yen of a day's dose."""
    return max(1, round(condition.drug.price * condition.drug.daily / 10)) * days


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
