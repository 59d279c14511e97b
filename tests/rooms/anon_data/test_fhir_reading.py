"""Reading in FHIR: single resources, the whole record, export, formats, and who may."""

import json
from datetime import timedelta

import pytest
from fhir.resources.R4B.observation import Observation as Peer
from support.store_host import Member, StoreHost

from .fhir import BASE, FHIR_JSON, RECORD, ask, got, ids, next_page, refusal, valid, with_record
from .samples import GLUCOSE, SMOKING, WEIGHT

ASYNC = {"Prefer": "respond-async"}


async def test_results_of_a_checkup(host: StoreHost) -> None:
    """A number, a choice and an absence, in the ministry's codes, JLAC10, LOINC and UCUM."""
    member = await with_record(host)
    weight = await got(host, member, f"/Observation/20260601.010.{WEIGHT}")
    smoking = await got(host, member, f"/Observation/20260601.010.{SMOKING}")
    glucose = await got(host, member, f"/Observation/20260601.010.{GLUCOSE}")

    assert [(one["system"], one["code"]) for one in weight["code"]["coding"]] == [
        ("urn:oid:1.2.392.200119.6.1005", WEIGHT),
        ("http://loinc.org", "29463-7"),
    ]
    assert weight["valueQuantity"] == {"value": 65.5, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
    assert (weight["status"], weight["interpretation"][0]["coding"][0]["code"]) == ("final", "N")
    assert smoking["valueCodeableConcept"]["coding"] == [
        {"system": "urn:oid:1.2.392.200119.6.24060", "code": "2", "display": '以前は"吸っていた"'}
    ]
    assert [one["system"] for one in glucose["code"]["coding"]][1] == "urn:oid:1.2.392.200119.4.504"
    assert (glucose["dataAbsentReason"]["coding"][0]["code"], glucose["status"]) == ("positive-infinity", "final")
    assert glucose["code"]["text"] == '空腹時"血糖"'


async def test_digits_stay(host: StoreHost) -> None:
    """A value has the digits it was stored with."""
    answer = await ask(host, await with_record(host), "GET", f"/Observation/20260601.010.{WEIGHT}")

    assert b'"value":65.50,' in answer.content
    assert answer.headers["etag"] == 'W/"v65.50-N"'


@pytest.mark.parametrize(
    "name", ["20260601.010.9N006000000000002", "20260602.010." + WEIGHT, "20261399.home.body-weight", "x", "1"]
)
async def test_unknown_observations(host: StoreHost, name: str) -> None:
    """What is not in the record is not found, whatever its id looks like."""
    assert refusal(await ask(host, await with_record(host), "GET", f"/Observation/{name}")) == (404, "fhir-resource-unknown")


async def test_the_patient(host: StoreHost) -> None:
    """The patient is whoever asks: sex and year of birth, marked as a pseudonym; there is no other one."""
    member = await host.member()
    patient = await got(host, member, "/Patient/me")
    known = await ask(host, member, "GET", "/Patient/me", headers={"If-None-Match": 'W/"female-1975"'})

    assert {name: patient[name] for name in ("id", "gender", "birthDate")} == {"id": "me", "gender": "female", "birthDate": "1975"}
    assert patient["meta"]["security"][0]["code"] == "PSEUDED"
    assert known.status_code == 304
    assert refusal(await ask(host, member, "GET", "/Patient/other")) == (404, "fhir-resource-unknown")
    assert refusal(await ask(host, member, "GET", "/Patient/other/$everything")) == (404, "fhir-resource-unknown")


async def test_everything(host: StoreHost) -> None:
    """The patient, then every observation; by pages and by days."""
    member = await with_record(host)
    whole = await got(host, member, "/Patient/me/$everything")
    some = await got(host, member, "/Patient/me/$everything?start=2026-06-01&end=2026-10-31")
    first = await got(host, member, "/Patient/me/$everything?_count=5")
    following = next_page(first)
    assert following is not None

    assert (ids(whole), whole["total"]) == (["me", *RECORD], 9)
    assert ids(some) == ["me", *RECORD[3:7]]
    assert (ids(first), ids(await got(host, member, following))) == (["me", *RECORD[:5]], list(RECORD[5:]))
    for query in ("start=yesterday", "_type=Patient", "start=gt2026"):
        assert refusal(await ask(host, member, "GET", f"/Patient/me/$everything?{query}")) == (400, "fhir-search-refused")


async def test_export(host: StoreHost) -> None:
    """Kick-off, status and files; every line is a resource, and all of them are the record."""
    member = await with_record(host)
    begun = await ask(host, member, "GET", "/Patient/$export", headers=ASYNC)
    status = await ask(host, member, "GET", begun.headers["content-location"])
    manifest = status.json()
    files = {one["type"]: await ask(host, member, "GET", one["url"]) for one in manifest["output"]}
    lines = files["Observation"].text.splitlines()

    assert (begun.status_code, status.status_code, status.headers["content-type"]) == (202, 200, "application/json")
    assert manifest["transactionTime"] == "2026-11-20T03:00:00+00:00"
    assert manifest["request"] == f"{BASE}/Patient/$export?_type=Patient,Observation"
    assert (manifest["requiresAccessToken"], manifest["error"]) == (True, [])
    assert [(one["type"], one["count"]) for one in manifest["output"]] == [("Patient", 1), ("Observation", len(RECORD))]
    assert {answer.headers["content-type"] for answer in files.values()} == {"application/fhir+ndjson"}
    assert [Peer.model_validate_json(line).id for line in lines] == list(RECORD)
    assert json.loads(files["Patient"].text)["id"] == "me"


async def test_exports_are_of_whoever_asks(host: StoreHost) -> None:
    """A job's address holds nothing of a member: another one fetches their own record by it, which is empty."""
    member, other = await with_record(host), await host.member()
    begun = await ask(host, member, "GET", "/Patient/$export?_type=Observation", headers=ASYNC)
    address = begun.headers["content-location"]

    assert (await ask(host, other, "GET", address)).json()["output"] == []
    assert (await ask(host, member, "GET", address)).json()["output"][0]["count"] == len(RECORD)


async def test_exports_end(host: StoreHost) -> None:
    """An export can be fetched until the end of the next day, and be done with before, which removes nothing."""
    member = await with_record(host)
    begun = await ask(host, member, "GET", "/Patient/$export", headers=ASYNC)
    address = begun.headers["content-location"]
    done = await ask(host, member, "DELETE", address)
    host.clock.instant += timedelta(days=1)
    good = await ask(host, member, "GET", address)
    host.clock.instant += timedelta(days=1)
    late = [await ask(host, member, method, address) for method in ("GET", "DELETE")]
    file = await ask(host, member, "GET", "/$export-files/20261120.Patient/Patient.ndjson")

    assert (done.status_code, good.status_code) == (202, 200)
    assert {refusal(one) for one in (*late, file)} == {(404, "fhir-resource-unknown")}


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/Patient/$export", {}, (400, "fhir-interaction-refused")),
        ("/Patient/$export?_since=2026-01-01T00:00:00Z", ASYNC, (400, "fhir-search-refused")),
        ("/Patient/$export?_type=Claim", ASYNC, (400, "fhir-search-refused")),
        ("/Patient/$export?_outputFormat=text/csv", ASYNC, (400, "fhir-search-refused")),
        ("/$export-status/20261120.Claim", {}, (404, "fhir-resource-unknown")),
        ("/$export-status/20261120.Observation.Patient", {}, (404, "fhir-resource-unknown")),
        ("/$export-files/20261120.Patient/Observation.ndjson", {}, (404, "fhir-resource-unknown")),
        ("/$export-files/20261120.Patient/Patient.ndjson", {"Accept": "text/csv"}, (406, "fhir-format-refused")),
    ],
)
async def test_refused_exports(host: StoreHost, path: str, headers: dict[str, str], expected: tuple[int, str]) -> None:
    """An export is asked for as an export, and of what there is."""
    assert refusal(await ask(host, await host.member(), "GET", path, headers=headers)) == expected


@pytest.mark.parametrize(
    ("accept", "query", "good"),
    [
        ("application/fhir+json", "", True),
        ("application/json; charset=utf-8", "", True),
        ("application/fhir+json; fhirVersion=4.0", "", True),
        ("text/html, */*;q=0.1", "", True),
        ("application/fhir+xml", "_format=application/fhir%2Bjson", True),
        ("application/fhir+xml", "_format=application/fhir+json", True),
        ("*/*", "_format=json", True),
        ("application/fhir+xml", "", False),
        ("application/fhir+json; fhirVersion=5.0", "", False),
        ("application/fhir+json;q=0", "", False),
        ("application/fhir+json", "_format=xml", False),
    ],
)
async def test_formats(host: StoreHost, accept: str, query: str, good: bool) -> None:
    """Answers are JSON under any of its names; ``_format`` goes before the header."""
    answer = await host.client.get(f"/fhir/metadata?{query}", headers={"Accept": accept})

    if good:
        assert valid(answer)["fhirVersion"] == "4.0.1"
        assert answer.headers["content-type"] == FHIR_JSON
    else:
        assert refusal(answer) == (406, "fhir-format-refused")


async def test_readers_alone(host: StoreHost) -> None:
    """Without the reader's proof, with another's, or with one that was used, nothing is read; metadata alone is public."""
    member, unclaimed = await with_record(host), Member.new("anon-data")
    await host.enrol([unclaimed], claim=False)
    unsigned = await host.client.get("/fhir/Observation")
    stranger = await ask(host, unclaimed, "GET", "/Observation")
    other = await host.signed(unclaimed.reader, member.token, "GET", "/fhir/Patient/me")

    assert [refusal(one) for one in (unsigned, stranger, other)] == [
        (401, "proof-refused"),
        (401, "reader-unknown"),
        (401, "reader-unknown"),
    ]


async def test_what_is_not_there(host: StoreHost) -> None:
    """Unknown paths and methods below /fhir are refused as FHIR refuses; those beside it as everywhere."""
    member = await host.member()
    unknown = await ask(host, member, "GET", "/Encounter")
    method = await ask(host, member, "DELETE", "/Observation")
    beside = await host.client.get("/fhirs")

    assert [refusal(one) for one in (unknown, method)] == [(404, "not-found"), (405, "method-not-allowed")]
    assert beside.headers["content-type"] == "application/problem+json"
