"""Results of a checkup as Observations of a Japanese checkup report (JP eCheckup, JP_Observation_Common_eCheckupGeneral)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from health.fhir import ABSENT, ABSENT_REASONS, CANCELLED, INTERPRETATIONS, ITEMS, JP_CATEGORIES, UCUM, jp_category
from health.items import by_code
from protocol.messages.records import Checkup, Item

Resource = dict[str, Any]
PHYSICIAN = "9N516000000000049"
_REASONS = {**ABSENT, "missing": "unknown"}
_STATUSES = {
    "not-done": "not-performed",
    "not-measurable": "not-measurable",
    "above-range": "above-range",
    "below-range": "below-range",
    "missing": "missing",
}
"""How the sealed details call the ways of having no value."""


@dataclass(frozen=True)
class Result:
    """One result, from the open part or from the sealed details."""

    code: str
    display: str
    value: Decimal | str | None
    """A number, a choice's code or words."""
    unit: str | None = None
    choices: str | None = None
    """OID of the choice's list."""
    label: str | None = None
    """What the choice says."""
    absent: str | None = None
    flag: str | None = None

    @property
    def is_question(self) -> bool:
        """Whether it answers a question about habits, which stands in a section of its own."""
        return jp_category(self.code) == "social-history"

    @property
    def text(self) -> str:
        """Name, value and unit for people."""
        said = self.label or ("" if self.value is None else str(self.value)) or (self.absent or "")
        return " ".join(part for part in (self.display, said, self.unit or "") if part)


def results(checkup: Checkup, items: Mapping[str, Item], details: Mapping[str, Any]) -> list[Result]:
    """Return all results: first the open ones, then those of the opened details, whose order is kept."""
    return [*_open(checkup, items), *_sealed(details)]


def _open(checkup: Checkup, items: Mapping[str, Item]) -> Iterator[Result]:
    for one in checkup.observations:
        item = items.get(one.item)
        display = item.display if item else one.item
        if one.choice is not None:
            system, label = (item.choices, (item.labels or {}).get(one.choice)) if item else (None, None)
            yield Result(one.item, display, one.choice, choices=system, label=label, flag=one.flag)
        else:
            yield Result(one.item, display, one.value, item.unit if item else None, absent=one.absent, flag=one.flag)


def _sealed(details: Mapping[str, Any]) -> Iterator[Result]:
    listed = details.get("observations")
    for one in listed if isinstance(listed, list) else []:
        said = {name: value for name, value in one.items() if isinstance(value, str)} if isinstance(one, dict) else {}
        code = said.get("code", "")
        item = by_code().get(code)
        yield Result(
            code,
            item.label if item else code,
            _typed(said, item.kind if item else None),
            said.get("unit"),
            said.get("system"),
            said.get("label"),
            _STATUSES.get(said.get("status", "")),
            said.get("interpretation"),
        )


def _typed(said: Mapping[str, str], kind: str | None) -> Decimal | str | None:
    """Return the value as a number where it is one: the details hold all values as words, and no kinds."""
    value = said.get("value")
    return Decimal(value) if value is not None and (kind == "PQ" or (kind is None and "unit" in said)) else value


def observation(result: Result, day: str, subject: str) -> Resource:
    """Return one result as a resource without its id and meta."""
    found: Resource = {
        "resourceType": "Observation",
        "status": "cancelled" if result.absent in CANCELLED else "final",
        "category": [{"coding": [{"system": JP_CATEGORIES, "code": jp_category(result.code)}]}],
        "code": {"coding": [{"system": ITEMS, "code": result.code, "display": result.display}]},
        "subject": {"reference": subject},
    }
    if result.absent not in CANCELLED:
        found["effectiveDateTime"] = day
    found |= _value(result)
    if result.flag:
        found["interpretation"] = [{"coding": [{"system": INTERPRETATIONS, "code": result.flag}]}]
    return found


def _value(result: Result) -> Resource:
    if result.absent:
        return {"dataAbsentReason": {"coding": [{"system": ABSENT_REASONS, "code": _REASONS[result.absent]}]}}
    if isinstance(result.value, Decimal):
        unit = {"unit": result.unit, "system": UCUM, "code": result.unit} if result.unit else {}
        return {"valueQuantity": {"value": number(result.value), **unit}}
    if result.choices:
        coding = {"system": f"urn:oid:{result.choices}", "code": result.value}
        return {"valueCodeableConcept": {"coding": [coding | ({"display": result.label} if result.label else {})]}}
    return {"valueString": result.value or ""}


def number(value: Decimal) -> int | float:
    """Return a number as JSON has it: the digits that were measured fit."""
    return int(value) if value == value.to_integral_value() else float(value)
