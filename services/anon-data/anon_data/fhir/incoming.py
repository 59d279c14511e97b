"""Observations that a member writes: values measured at home, and nothing beside them, because nothing beside them is kept.

An element with a content that would be lost is refused. Narrative (``text``) and ``meta`` are passed over: both say what the rest
says, or how it came.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from health.fhir import LOINC, UCUM
from protocol.messages.records import VitalWrite
from protocol.vitals import VITALS, VitalKind
from pydantic import ValidationError

from anon_data.fhir.days import written_day
from anon_data.fhir.errors import ResourceRefused
from anon_data.fhir.measured import BY_LOINC, KINDS_BY_LOINC, Measure
from anon_data.fhir.resource_ids import HOME, PATIENT, resource_id

_PASSED_OVER = frozenset({"resourceType", "id", "meta", "implicitRules", "language", "text", "category"})
_READ = frozenset({"status", "code", "subject", "effectiveDateTime", "valueQuantity", "component"})
_COMPONENT = frozenset({"id", "code", "valueQuantity", "dataAbsentReason"})
_QUANTITY = frozenset({"id", "value", "unit", "system", "code"})
_STATUSES = frozenset({"final", "amended", "corrected"})


@dataclass(frozen=True, slots=True)
class Written:
    """An observation as it will be stored."""

    id: str
    day: date
    measure: Measure
    values: tuple[VitalWrite, ...]
    """Without their counters. A value of a panel that is not among them is taken back."""


def written(resource: object, base: str) -> Written:
    """Read one observation; raises ResourceRefused."""
    observation = _object(resource, "Observation")
    if observation.get("resourceType") != "Observation":
        raise ResourceRefused(element="resourceType", reason="only observations are kept here")
    _only(observation, _PASSED_OVER | _READ, "Observation")
    if observation.get("status") not in _STATUSES:
        raise ResourceRefused(element="Observation.status", reason="final, amended or corrected")
    _about_me(observation.get("subject"), base)
    measure = _measure(observation.get("code"))
    said = written_day(observation.get("effectiveDateTime"))
    if said is None:
        raise ResourceRefused(element="Observation.effectiveDateTime", reason="one day")
    values = tuple(_vital(said, kind, value, path) for kind, value, path in _values(observation, measure))
    if not values:
        raise ResourceRefused(element="Observation", reason="no value")
    return Written(resource_id(said.isoformat(), HOME, measure.name), said, measure, values)


def _about_me(subject: object, base: str) -> None:
    if subject is None:
        return
    own = f"Patient/{PATIENT}"
    if _object(subject, "Observation.subject").get("reference") not in (own, f"{base}/{own}"):
        raise ResourceRefused(element="Observation.subject", reason="Patient/me")


def _measure(concept: object) -> Measure:
    for code in _loinc(concept, "Observation.code"):
        if code in BY_LOINC:
            return BY_LOINC[code]
    raise ResourceRefused(element="Observation.code", reason="a LOINC code of what is measured at home")


def _values(observation: Mapping[str, Any], measure: Measure) -> Iterator[tuple[VitalKind, object, str]]:
    if measure.is_panel == ("valueQuantity" in observation) or measure.is_panel != ("component" in observation):
        raise ResourceRefused(element="Observation.value", reason="a panel has components, all else a value")
    if not measure.is_panel:
        yield measure.kinds[0], observation["valueQuantity"], "Observation.value"
        return
    seen: set[VitalKind] = set()
    for component in _list(observation["component"], "Observation.component"):
        part = _object(component, "Observation.component")
        _only(part, _COMPONENT, "Observation.component")
        codes = _loinc(part.get("code"), "Observation.component.code")
        kind = next((KINDS_BY_LOINC[code] for code in codes if code in KINDS_BY_LOINC), None)
        if kind not in measure.kinds or kind in seen:
            raise ResourceRefused(element="Observation.component.code", reason="each value of the panel once")
        seen.add(kind)
        if "valueQuantity" in part:
            yield kind, part["valueQuantity"], "Observation.component.value"


def _vital(day: date, kind: VitalKind, value: object, path: str) -> VitalWrite:
    quantity = _object(value, path)
    _only(quantity, _QUANTITY, path)
    number, unit = quantity.get("value"), VITALS[kind].unit
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        raise ResourceRefused(element=path, reason="a number")
    if quantity.get("system", UCUM) != UCUM or quantity.get("code", quantity.get("unit")) != unit:
        raise ResourceRefused(element=path, reason=f"in UCUM's {unit}")
    try:
        return VitalWrite(day=day, kind=kind, value=Decimal(number), unit=unit, seq=0)
    except ValidationError:
        # The chain is cut: the error quotes the value.
        raise ResourceRefused(element=path, reason="out of range") from None


def _loinc(concept: object, path: str) -> list[str]:
    codings = [_object(one, path) for one in _list(_object(concept, path).get("coding"), path)]
    return [code for one in codings if one.get("system") == LOINC and isinstance(code := one.get("code"), str)]


def _only(value: Mapping[str, object], known: frozenset[str], path: str) -> None:
    if not value.keys() <= known:
        # Its name may be anything, so it is not repeated.
        raise ResourceRefused(element=path, reason="an element that would not be kept")


def _object(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ResourceRefused(element=path, reason="an object")
    return value


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list):
        raise ResourceRefused(element=path, reason="a list")
    return value
