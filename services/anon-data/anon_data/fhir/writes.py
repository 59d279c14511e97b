"""What a member wants written, and what became of it; alone or as the entries of a batch (http://hl7.org/fhir/R4/http.html#batch)."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from chassis.problems import Malformed, Problem

from anon_data.fhir.errors import InteractionRefused, ResourceRefused
from anon_data.fhir.incoming import Written, written
from anon_data.fhir.outcomes import outcome_of

ENTRIES_MAX = 200
_TAG = re.compile(r'(?:W/)?"([A-Za-z0-9.-]{1,64})"')


@dataclass(frozen=True, slots=True)
class Wish:
    """One write."""

    written: Written
    if_match: str | None = None
    """The version that must be there."""
    if_none: bool = False
    """Nothing may be there."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a write that was not refused."""

    id: str
    version: str
    result: Literal["created", "replaced", "unchanged"]

    @property
    def status(self) -> int:
        """The HTTP status that says so."""
        return 201 if self.result == "created" else 200


def parsed(body: bytes) -> Any:
    """Read a body's JSON with its numbers as they are written; raises Malformed."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Malformed(errors=[{"location": ["body"], "error": "json_invalid"}]) from None


def wish(resource: object, base: str, *, id_: str | None = None, conditions: Mapping[str, str | None]) -> Wish:
    """Read one write: of an id, or (None) of whatever id the content has.

    ``conditions`` are If-Match, If-None-Match and If-None-Exist by their lower-case names.
    """
    if conditions.get("if-none-exist") is not None:
        raise InteractionRefused(reason="no conditional create: the id of what is measured follows from its day and kind")
    found = written(resource, base)
    if id_ is not None and (found.id != id_ or not isinstance(resource, dict) or resource.get("id") != id_):
        raise ResourceRefused(element="Observation.id", reason="the id that day and kind have, in address and resource")
    match = conditions.get("if-match")
    tag = _TAG.fullmatch(match) if match is not None else None
    none = conditions.get("if-none-match")
    if (match is not None and tag is None) or none not in (None, "*"):
        raise InteractionRefused(reason="a condition that is not understood")
    return Wish(found, tag[1] if tag else None, none is not None)


def batch(bundle: object, base: str) -> list[Wish | Problem]:
    """Read a batch: what cannot be read stands as its Problem in its place."""
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle" or bundle.get("type") != "batch":
        raise InteractionRefused(reason="a Bundle of type batch")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or len(entries) > ENTRIES_MAX:
        raise InteractionRefused(reason=f"at most {ENTRIES_MAX} entries")
    return [_entry(entry, base) for entry in entries]


def _entry(entry: object, base: str) -> Wish | Problem:
    try:
        request = entry.get("request") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(request, dict):
            raise InteractionRefused(reason="an entry with a request")
        conditions = {
            "if-match": _text(request, "ifMatch"),
            "if-none-match": _text(request, "ifNoneMatch"),
            "if-none-exist": _text(request, "ifNoneExist"),
        }
        match request.get("method"), request.get("url"):
            case "POST", "Observation":
                return wish(entry.get("resource"), base, conditions=conditions)
            case "PUT", str(url) if url.startswith("Observation/"):
                return wish(entry.get("resource"), base, id_=url.removeprefix("Observation/"), conditions=conditions)
            case _:
                raise InteractionRefused(reason="POST Observation or PUT Observation/[id]")
    except Problem as problem:
        return problem


def batch_response(fates: Sequence[Fate | Problem], base: str) -> str:
    """Return the answer to a batch."""
    entries = [{"response": _response(fate, base)} for fate in fates]
    said: dict[str, object] = {"resourceType": "Bundle", "type": "batch-response"}
    return json.dumps(said | ({"entry": entries} if entries else {}), separators=(",", ":"))


def headers(fate: Fate, base: str) -> dict[str, str]:
    """Return the headers that say what became of one write."""
    return {"ETag": etag(fate.version), "Location": f"{base}/Observation/{fate.id}"}


def etag(version: str) -> str:
    """Return a version as an entity tag."""
    return f'W/"{version}"'


def names(header: str | None, version: str) -> bool:
    """Whether an If-None-Match names this version."""
    tags: Iterable[str] = (one.strip() for one in (header or "").split(","))
    return any(tag == "*" or ((found := _TAG.fullmatch(tag)) is not None and found[1] == version) for tag in tags)


def _response(fate: Fate | Problem, base: str) -> dict[str, object]:
    if isinstance(fate, Problem):
        return {"status": str(fate.status), "outcome": outcome_of(fate)}
    return {"status": str(fate.status), "location": f"{base}/Observation/{fate.id}", "etag": etag(fate.version)}


def _text(request: Mapping[str, object], name: str) -> str | None:
    value = request.get(name)
    if value is not None and not isinstance(value, str):
        raise InteractionRefused(reason="a condition that is not understood")
    return value
