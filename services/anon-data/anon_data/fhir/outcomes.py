"""Refusals as OperationOutcome (http://hl7.org/fhir/R4/operationoutcome.html)."""

from collections.abc import Mapping
from typing import Any

from chassis.problems import Problem

MEDIA_TYPE = "application/fhir+json"

# http://hl7.org/fhir/R4/valueset-issue-type.html
_BY_STATUS = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    408: "timeout",
    409: "conflict",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "business-rule",
    429: "throttled",
    500: "exception",
    503: "transient",
}


def outcome(document: Mapping[str, object]) -> tuple[Mapping[str, object], str]:
    """Write a problem document as an OperationOutcome, of which each located error is an issue."""
    status = document["status"]
    code = _BY_STATUS.get(status, "invalid") if isinstance(status, int) else "exception"
    details = {"coding": [{"code": document["type"]}], "text": document["title"]}
    issue: dict[str, Any] = {"severity": "error", "code": code, "details": details}
    if reason := document.get("reason"):
        issue["diagnostics"] = reason
    if place := document.get("element") or document.get("parameter"):
        issue["expression"] = [place]
    return {"resourceType": "OperationOutcome", "issue": [issue]}, MEDIA_TYPE


def outcome_of(problem: Problem) -> Mapping[str, object]:
    """Return a problem's OperationOutcome, for an entry of a batch."""
    return outcome(problem.document())[0]


def outcomes(*classes: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that can refuse with these classes, as `chassis.problems.problems` does elsewhere."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for kind in sorted(set(classes), key=lambda kind: (kind.status, kind.type)):
        said = f"{kind.type}: {kind.title}"
        if kind.status in by_status:
            said = f"{by_status[kind.status]['description']}; {said}"
        by_status[kind.status] = {"description": said, "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}
    return by_status


_SCHEMA = {
    "title": "OperationOutcome",
    "type": "object",
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "issue": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["severity", "code"]}},
    },
    "required": ["resourceType", "issue"],
}
