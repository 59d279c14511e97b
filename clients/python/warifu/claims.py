"""Medical claims as a member reads them: what stands openly at anon-data, joined with what only this device opens."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from protocol.messages.guidance import Guidance, GuidanceLevel
from protocol.messages.medical_claims import ClaimKind, MedicalClaim
from protocol.messages.prices import DrugPrice
from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    # What later registrars add is passed over.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Institution(_Part):
    """Who treated or examined: 10-digit number and name, either may be unknown."""

    number: str | None = None
    name: str | None = None


class Diagnosis(_Part):
    """One diagnosis: its code (``other`` or a class, where only the open part is there), and its name where it has no code."""

    code: str
    modifiers: tuple[str, ...] = ()
    start: date | None = None
    outcome: str | None = None
    main: bool = False
    name: str | None = None
    supplement: str | None = None
    teeth: tuple[str, ...] = ()
    """Six characters each (歯式コード)."""


class ClaimLine(_Part):
    """One act, drug or material; at a pharmacy `times` say for how many days or portions it was handed out."""

    kind: Literal["act", "drug", "material"]
    code: str
    section: str | None = None
    quantity: Decimal | None = None
    """For one time."""
    points: int | None = None
    times: int | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    additions: tuple[str, ...] = ()
    """Five characters each, of a dental act."""
    days: tuple[tuple[int, int], ...] = ()
    """Day of the month and how often on it."""

    @property
    def amount(self) -> Decimal | None:
        """All of it, in the unit of its price; None where the claim does not say it."""
        return None if self.quantity is None or self.times is None else self.quantity * self.times


class ClaimDetails(_Part):
    """What the insurer sealed for the member: institution, exact codes and all lines."""

    institution: Institution = Institution()
    cut: bool = False
    """Whether lines were left out because there were too many."""
    billed: str | None = None
    share: int | None = None
    """Percentage that the member pays by law."""
    diagnoses: tuple[Diagnosis, ...] = ()
    entries: tuple[ClaimLine, ...] = ()


@dataclass(frozen=True)
class Claim:
    """What one institution billed for the member and one month; yen."""

    name: bytes
    """16 bytes by which it is read again."""
    month: date
    kind: ClaimKind
    inpatient: bool
    days: int
    points: int
    own_payment: int
    estimated: bool
    """Whether `own_payment` is reckoned from points and rate, because the claim does not say it."""
    institution: Institution
    share: int
    diagnoses: tuple[Diagnosis, ...]
    lines: tuple[ClaimLine, ...]
    cut: bool

    @classmethod
    def of(cls, stored: MedicalClaim, details: ClaimDetails | None) -> "Claim":
        """Join both parts; without details, codes are as far as they stand openly."""
        told = details or ClaimDetails(
            diagnoses=tuple(Diagnosis(code=one.code, main=one.main) for one in stored.diagnoses),
            entries=tuple(ClaimLine(kind="drug", code=one.code, quantity=one.amount, times=1) for one in stored.drugs),
        )
        return cls(
            name=stored.claim,
            month=stored.month,
            kind=stored.kind,
            inpatient=stored.inpatient,
            days=stored.days,
            points=stored.points,
            own_payment=stored.own_payment,
            estimated=stored.estimated,
            institution=told.institution,
            share=told.share or _SHARE,
            diagnoses=told.diagnoses,
            lines=told.entries,
            cut=told.cut,
        )


_SHARE = 30


@dataclass(frozen=True)
class Medicine:
    """A drug of one month and institution."""

    month: date
    code: str
    name: str
    """From the insurer's table of prices, else the code."""
    amount: Decimal | None
    unit: str
    institution: str | None


def medicines(claims: Iterable[Claim], prices: Mapping[str, DrugPrice]) -> Iterator[Medicine]:
    """Yield the drugs of claims, in their order; one drug given several times by one institution in a month is one."""
    for claim in claims:
        given: dict[str, list[Decimal | None]] = {}
        for line in claim.lines:
            if line.kind == "drug":
                given.setdefault(line.code, []).append(line.amount)
        for code, amounts in given.items():
            price = prices.get(code)
            known = [one for one in amounts if one is not None]
            amount = sum(known, Decimal(0)) if known and len(known) == len(amounts) else None
            name, unit = (price.name, price.unit) if price else (code, "")
            yield Medicine(claim.month, code, name, amount, unit, claim.institution.name)


class GuidanceResult(_Part):
    """One result of a report of guidance; codes have ten digits."""

    code: str
    name: str | None = None
    status: str
    value: str | None = None
    label: str | None = None
    unit: str | None = None


class GuidanceDetails(_Part):
    """What the insurer sealed for the member."""

    institution: Institution = Institution()
    results: tuple[GuidanceResult, ...] = ()


@dataclass(frozen=True)
class GuidanceReport:
    """What was reported of specific health guidance on one day."""

    day: date
    stage: str
    level: GuidanceLevel | None
    institution: Institution
    results: tuple[GuidanceResult, ...]

    @classmethod
    def of(cls, stored: Guidance, details: GuidanceDetails | None) -> "GuidanceReport":
        """Join both parts."""
        told = details or GuidanceDetails()
        return cls(stored.day, stored.stage, stored.level, told.institution, told.results)
