"""What this server can do (http://hl7.org/fhir/R4/capabilitystatement.html)."""

import json
from functools import cache

_SECURITY = (
    "Every request but this one carries a proof in the header Warifu-Proof: a JWT, signed by the reader key of the member's "
    "mailbox, over method, URL with query, time, a unique id and the body's digest. There are no bearer tokens."
)
_PATIENT = (
    "Patient/me is whoever signed the request. Sex and year of birth are all that is known, so no profile is claimed that wants "
    "a name, an identifier or a whole birth date."
)
_OBSERVATION = (
    "Results of checkups, read alone, and values measured at home, one a day and kind, which the member writes: a later write "
    "of the same day and kind replaces the former. Days are the member's own; nothing finer is kept. Items are coded by the "
    "ministry (urn:oid:1.2.392.200119.6.1005), JLAC10 (urn:oid:1.2.392.200119.4.504) and LOINC where there is one."
)
_TYPES = {
    "code": "token",
    "combo-code": "token",
    "category": "token",
    "date": "date",
    "patient": "reference",
    "subject": "reference",
    "_id": "token",
}


@cache
def capability_statement(base: str) -> str:
    """Return the CapabilityStatement of the server at this address."""
    search = [{"name": name, "type": kind} for name, kind in _TYPES.items()]
    return json.dumps(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": "2026-11-26",
            "kind": "instance",
            "software": {"name": "warifu anon-data"},
            "implementation": {"description": "Health records by opaque token", "url": base},
            "fhirVersion": "4.0.1",
            "format": ["application/fhir+json", "json"],
            "rest": [
                {
                    "mode": "server",
                    "security": {"cors": True, "description": _SECURITY},
                    "resource": [
                        {
                            "type": "Patient",
                            "documentation": _PATIENT,
                            "interaction": [{"code": "read"}],
                            "versioning": "versioned",
                            "operation": [
                                {"name": "everything", "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything"},
                                {
                                    "name": "export",
                                    "definition": "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export",
                                },
                            ],
                        },
                        {
                            "type": "Observation",
                            "documentation": _OBSERVATION,
                            "interaction": [{"code": code} for code in ("read", "search-type", "create", "update")],
                            "versioning": "versioned-update",
                            "readHistory": False,
                            "updateCreate": True,
                            "conditionalRead": "not-match",
                            "searchParam": search,
                        },
                    ],
                    "interaction": [{"code": "batch"}],
                }
            ],
        },
        separators=(",", ":"),
    )
