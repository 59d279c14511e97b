"""Speaking FHIR to a running anon-data, and a member with a small record there."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
from fhir.resources.R4B import get_fhir_model_class
from protocol import proof
from protocol.messages.records import Observation, PutVitals, Vital
from protocol.vitals import VITALS, VitalKind
from support.store_host import NOW, ORIGINS, Member, StoreHost

from .samples import GLUCOSE, SMOKING, WEIGHT, checkup, put_items, store

BASE = f"{ORIGINS['anon-data']}/fhir"
FHIR_JSON = "application/fhir+json"
TODAY = NOW.date()
Json = dict[str, Any]


async def ask(
    host: StoreHost, member: Member, method: str, path: str, resource: object = None, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """Send one signed request; ``path`` is below the base, or a whole address of it."""
    path = path.removeprefix(BASE)
    body = b"" if resource is None else resource if isinstance(resource, bytes) else json.dumps(resource).encode()
    sent = {"Content-Type": FHIR_JSON} if body else {}
    made = proof.make(member.reader, method, BASE + path, member.token, body, host.clock.timestamp())
    return await host.client.request(method, f"/fhir{path}", content=body, headers={proof.HEADER: made, **sent, **(headers or {})})


async def got(host: StoreHost, member: Member, path: str) -> Json:
    """Read a resource, and have the peer library validate it."""
    answer = await ask(host, member, "GET", path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == FHIR_JSON
    return valid(answer)


def valid(answer: httpx.Response) -> Json:
    """Return a resource that is valid FHIR."""
    found: Json = answer.json()
    get_fhir_model_class(found["resourceType"]).model_validate_json(answer.content)
    return found


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Return status and slug of an OperationOutcome."""
    assert answer.headers["content-type"] == FHIR_JSON, answer.text
    found = valid(answer)
    assert found["resourceType"] == "OperationOutcome"
    return answer.status_code, found["issue"][0]["details"]["coding"][0]["code"]


def ids(bundle: Json) -> list[str]:
    """Return the ids of a bundle's resources."""
    return [entry["resource"]["id"] for entry in bundle.get("entry", [])]


def next_page(bundle: Json) -> str | None:
    """Return where the next page is."""
    return next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)


async def put_vital(host: StoreHost, member: Member, kind: VitalKind, value: str, *, ago: int = 0, seq: int = 1) -> None:
    """Write a value as devices do."""
    item = Vital(day=TODAY - timedelta(days=ago), kind=kind, value=Decimal(value), unit=VITALS[kind].unit, seq=seq)
    assert (await host.as_member(member, "PUT", "/me/vitals", PutVitals(items=(item,)))).status_code == 200


def written(kind: VitalKind, value: float, day: str, **changes: Any) -> Json:
    """Return an observation as an app writes it."""
    known = VITALS[kind]
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": known.loinc}]},
        "subject": {"reference": "Patient/me"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": known.unit, "system": "http://unitsofmeasure.org", "code": known.unit},
        **changes,
    }


def pressure(systolic: int | None, diastolic: int | None, day: str, **changes: Any) -> Json:
    """Return a blood pressure panel."""
    parts: dict[VitalKind, int | None] = {"systolic": systolic, "diastolic": diastolic}
    found = written("systolic", 0, day, **changes)
    del found["valueQuantity"]
    found["code"] = {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}
    found["component"] = [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": VITALS[kind].loinc}]},
            "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"},
        }
        for kind, value in parts.items()
        if value is not None
    ]
    return found


async def with_record(host: StoreHost) -> Member:
    """Return a member with two checkups, a weight on three days and a blood pressure on one."""
    member = await host.member()
    await put_items(host)
    older = checkup(exam_date=date(2025, 5, 31), fiscal_year=2025, observations=(Observation(item=WEIGHT, value=Decimal(66)),))
    await store(host, (member, checkup()), (member, older))
    for ago in (0, 1, 40):
        await put_vital(host, member, "body-weight", "65.5", ago=ago)
    await put_vital(host, member, "systolic", "120")
    await put_vital(host, member, "diastolic", "80")
    return member


RECORD = (
    "20261120.home.blood-pressure",
    "20261120.home.body-weight",
    "20261119.home.body-weight",
    "20261011.home.body-weight",
    f"20260601.010.{GLUCOSE}",
    f"20260601.010.{WEIGHT}",
    f"20260601.010.{SMOKING}",
    f"20250531.010.{WEIGHT}",
)
"""The observations of that record, in the order in which a search gives them."""
