"""What the member measured at home as observations by the FHIR vital signs profiles."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from health.fhir import LOINC, OBSERVATION_CATEGORIES, UCUM
from protocol.messages.records import Vital
from protocol.vitals import PANELS, VITALS, Panel, VitalKind

from .person import Resource
from .results import number

_OF = {kind: panel for panel in PANELS for kind in panel.kinds}


def home_observations(vitals: Iterable[Vital], subject: str) -> Iterator[Resource]:
    """Yield one observation a day and kind or panel, about the person whom the reference names."""
    days: dict[tuple[date, str], dict[VitalKind, Vital]] = {}
    for vital in vitals:
        panel = _OF.get(vital.kind)
        days.setdefault((vital.day, panel.name if panel else vital.kind), {})[vital.kind] = vital
    for (day, name), values in days.items():
        yield _observation(day, name, values, subject)


def _observation(day: date, name: str, values: Mapping[VitalKind, Vital], subject: str) -> Resource:
    kind = next(iter(values))
    panel = _OF.get(kind)
    category = "activity" if kind == "sleep" else "vital-signs"
    return {
        "resourceType": "Observation",
        "id": f"{day:%Y%m%d}.home.{name}",
        "status": "final",
        "category": [{"coding": [{"system": OBSERVATION_CATEGORIES, "code": category}]}],
        "code": _code(panel.loinc if panel else VITALS[kind].loinc),
        "subject": {"reference": subject},
        "effectiveDateTime": day.isoformat(),
        **(_components(panel, values) if panel else _quantity(values[kind])),
    }


def _components(panel: Panel, values: Mapping[VitalKind, Vital]) -> Resource:
    return {"component": [{"code": _code(VITALS[kind].loinc), **_quantity(values[kind])} for kind in panel.kinds if kind in values]}


def _code(loinc: str) -> Resource:
    return {"coding": [{"system": LOINC, "code": loinc}]}


def _quantity(vital: Vital) -> Resource:
    return {"valueQuantity": {"value": number(vital.value), "unit": vital.unit, "system": UCUM, "code": vital.unit}}
