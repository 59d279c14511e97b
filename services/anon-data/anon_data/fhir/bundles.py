"""Answers of several resources, and the Patient, written by hand for speed: an observation is put in as it was rendered."""

import json
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from anon_data.fhir.record import Found
from anon_data.fhir.resource_ids import PATIENT
from anon_data.store.people import Known

_MATCH = b'"search":{"mode":"match"}}'


def searchset(
    base: str, path: str, said: Sequence[tuple[str, str]], total: int, entries: Sequence[bytes], after: str | None
) -> bytes:
    """Return a page of a search. ``after`` is the id after which the next page begins; without entries only the count is told."""
    address = f"{base}/{path}"
    links = [("self", said)]
    if after is not None:
        links.append(("next", [*(pair for pair in said if pair[0] != "_cursor"), ("_cursor", after)]))
    written = ",".join([f'{{"relation":"{name}","url":{json.dumps(_url(address, query))}}}' for name, query in links])
    head = f'{{"resourceType":"Bundle","type":"searchset","total":{total},"link":[{written}]'.encode()
    return b'%b,"entry":[%b]}' % (head, b",".join(entries)) if entries else head + b"}"


def entries(base: str, observations: Iterable[Found]) -> list[bytes]:
    """Return the entries of observations."""
    start = f'{{"fullUrl":"{base}/Observation/'.encode()
    return [b'%b%b","resource":%b,%b' % (start, one.id.encode(), one.json(), _MATCH) for one in observations]


def patient_entry(base: str, person: Known | None) -> bytes:
    """Return the entry of the Patient."""
    return b'{"fullUrl":"%b/Patient/me","resource":%b,%b' % (base.encode(), patient(person), _MATCH)


def patient(person: Known | None) -> bytes:
    """Return whoever asks, as far as this host knows them: sex and year of birth.

    No Japanese profile of Patient fits: all want a name, an identifier or a whole birth date.
    """
    said: dict[str, object] = {
        "resourceType": "Patient",
        "id": PATIENT,
        "meta": {
            "versionId": patient_version(person),
            "security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "PSEUDED"}],
        },
    }
    if person is not None:
        said |= {"gender": person.sex, "birthDate": f"{person.birth_year:04}"}
    return json.dumps(said, separators=(",", ":")).encode()


def patient_version(person: Known | None) -> str:
    """Return the content itself, which is short."""
    return "unknown" if person is None else f"{person.sex}-{person.birth_year}"


def _url(address: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
