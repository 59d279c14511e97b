"""What the OpenAPI document says of parameters that are read by the standard's own rules."""

from collections.abc import Mapping
from typing import Any

from health.fhir import LOINC, UCUM
from protocol.vitals import VITALS

from anon_data.fhir.measured import BY_LOINC, KINDS_BY_LOINC
from anon_data.fhir.writes import ENTRIES_MAX

LOINC_CODES = sorted({*BY_LOINC, *KINDS_BY_LOINC})
UNITS = sorted({kind.unit for kind in VITALS.values()})

_SEARCH: Mapping[str, str] = {
    "code": "Token: system and code, or one of them; several by commas",
    "combo-code": "As code, components of panels included",
    "category": "Token of the HL7 observation categories",
    "date": "Day, month or year with a prefix: eq, ne, gt, lt, ge, le, sa, eb, ap",
    "_id": "Ids, by commas",
    "patient": "Patient/me; the record of whoever signed is the only one",
    "subject": "As patient",
    "_count": "Observations a page, at most 1000; 0 asks for the number alone",
    "_sort": "date, code or _id, with - downwards; several by commas",
    "_summary": "count or false",
    "_cursor": "Where the page begins; only from a next link",
}
_FORMAT = {"_format": "json"}


def query(**parameters: str) -> dict[str, Any]:
    """Return the part of a route that documents these query parameters, and ``_format``."""
    return {"parameters": [_parameter("query", name, text) for name, text in (parameters | _FORMAT).items()]}


def searching() -> dict[str, Any]:
    """Return the part of a route that documents the search."""
    return query(**_SEARCH)


def _object(required: tuple[str, ...], **properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _list(of: object, most: int) -> dict[str, Any]:
    return {"type": "array", "items": of, "maxItems": most}


_CODE = _object(("coding",), coding=_list(_object(("system", "code"), system={"const": LOINC}, code={"enum": LOINC_CODES}), 5))
_QUANTITY = _object(("value", "code"), value={"type": "number"}, system={"const": UCUM}, code={"enum": UNITS})
_OBSERVATION = _object(
    ("resourceType", "status", "code", "effectiveDateTime"),
    resourceType={"const": "Observation"},
    status={"enum": ["final", "amended", "corrected"]},
    code=_CODE,
    subject=_object(("reference",), reference={"const": "Patient/me"}),
    effectiveDateTime={"type": "string", "format": "date"},
    valueQuantity=_QUANTITY,
    component=_list(_object(("code",), code=_CODE, valueQuantity=_QUANTITY), 5),
)
_REQUEST = _object(("method", "url"), method={"enum": ["POST", "PUT"]}, url={"type": "string", "pattern": "^Observation(/.+)?$"})
_BATCH = _object(
    ("resourceType", "type"),
    resourceType={"const": "Bundle"},
    type={"const": "batch"},
    entry=_list(_object(("request", "resource"), request=_REQUEST, resource=_OBSERVATION), ENTRIES_MAX),
)


def observation_body() -> dict[str, Any]:
    """Return the part of a route that documents an observation as its body."""
    return _body(_OBSERVATION)


def batch_body() -> dict[str, Any]:
    """Return the part of a route that documents a batch as its body."""
    return _body(_BATCH)


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/fhir+json": {"schema": schema}}}}


def written() -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` for a write: nothing but headers."""
    headers = {name: {"schema": {"type": "string"}} for name in ("ETag", "Location")}
    said = {200: "Replaced, or the same as before", 201: "Written"}
    return {status: {"description": text, "headers": headers} for status, text in said.items()}


def _parameter(place: str, name: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": False, "description": text, "schema": {"type": "string"}}


def answer(kind: str) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` for an answer of one resource type."""
    schema = {"type": "object", "properties": {"resourceType": {"const": kind}}, "required": ["resourceType"]}
    return {200: {"description": kind, "content": {"application/fhir+json": {"schema": schema}}}}
