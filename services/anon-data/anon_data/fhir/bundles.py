"""Answers of several resources, and the Patient, written by hand for speed: an observation is put in as it was rendered."""

import json
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from anon_data.fhir.record import Found
from anon_data.fhir.resource_ids import PATIENT
from anon_data.store.people import Known


def searchset(base: str, path: str, said: Sequence[tuple[str, str]], total: int, entries: Sequence[str], after: str | None) -> str:
    """Return a page of a search. ``after`` is the id after which the next page begins; without entries only the count is told."""
    address = f"{base}/{path}"
    links = [("self", said)]
    if after is not None:
        links.append(("next", [*(pair for pair in said if pair[0] != "_cursor"), ("_cursor", after)]))
    written = ",".join([f'{{"relation":"{name}","url":{json.dumps(_url(address, query))}}}' for name, query in links])
    shown = f',"entry":[{",".join(entries)}]' if entries else ""
    return f'{{"resourceType":"Bundle","type":"searchset","total":{total},"link":[{written}]{shown}}}'


def entries(base: str, observations: Iterable[Found]) -> list[str]:
    """Return the entries of observations."""
    start = f'{{"fullUrl":"{base}/Observation/'
    return [f'{start}{one.id}","resource":{one.json()},"search":{{"mode":"match"}}}}' for one in observations]


def patient_entry(base: str, person: Known | None) -> str:
    """Return the entry of the Patient."""
    return f'{{"fullUrl":"{base}/Patient/{PATIENT}","resource":{patient(person)},"search":{{"mode":"match"}}}}'


def patient(person: Known | None) -> str:
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
    return json.dumps(said, separators=(",", ":"))


def patient_version(person: Known | None) -> str:
    """Return the content itself, which is short."""
    return "unknown" if person is None else f"{person.sex}-{person.birth_year}"


def _url(address: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
