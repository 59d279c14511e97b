"""Writing what was measured at home as FHIR observations, alone and in batches."""

from datetime import date, timedelta
from typing import Any

import pytest
from support.store_host import Member, StoreHost

from .fhir import BASE, FHIR_JSON, TODAY, Json, ask, got, ids, pressure, put_vital, refusal, valid, written

DAY = TODAY.isoformat()
WEIGHT_ID = f"{TODAY:%Y%m%d}.home.body-weight"
PRESSURE_ID = f"{TODAY:%Y%m%d}.home.blood-pressure"


def _entry(resource: Json, method: str = "POST", url: str = "Observation", **conditions: str) -> Json:
    return {"resource": resource, "request": {"method": method, "url": url, **conditions}}


def _batch(*entries: object) -> Json:
    return {"resourceType": "Bundle", "type": "batch", "entry": list(entries)}


async def _vitals(host: StoreHost, member: Member) -> dict[tuple[str, str], str]:
    """Read as devices do."""
    answer = await host.as_member(member, "GET", f"/me/vitals?since={date.min}&until={date.max}")
    return {(item["day"], item["kind"]): item["value"] for item in answer.json()["items"]}


async def test_create_read_replace(host: StoreHost) -> None:
    """A value is written, read under the id that follows from its day and kind, and replaced by the next one of that day."""
    member = await host.member()
    created = await ask(host, member, "POST", "/Observation", written("body-weight", 65.5, f"{DAY}T07:30:00+09:00"))
    first = await got(host, member, f"/Observation/{WEIGHT_ID}")
    again = await ask(host, member, "POST", "/Observation", written("body-weight", 65.5, DAY))
    replaced = await ask(host, member, "POST", "/Observation", written("body-weight", 64, DAY))
    second = await got(host, member, f"/Observation/{WEIGHT_ID}")

    assert [one.status_code for one in (created, again, replaced)] == [201, 200, 200]
    assert created.headers["location"] == f"{BASE}/Observation/{WEIGHT_ID}"
    assert created.headers["etag"] == again.headers["etag"] == f'W/"{first["meta"]["versionId"]}"' != replaced.headers["etag"]
    assert (first["valueQuantity"]["value"], first["effectiveDateTime"]) == (65.5, DAY)
    assert second["valueQuantity"] == {"value": 64, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}
    assert await _vitals(host, member) == {(DAY, "body-weight"): "64"}


async def test_blood_pressure_is_a_panel(host: StoreHost) -> None:
    """Both values come and go as components of one observation; one that a newer panel lacks is taken back."""
    member = await host.member()
    await ask(host, member, "POST", "/Observation", pressure(120, 80, DAY))
    both = await got(host, member, f"/Observation/{PRESSURE_ID}")
    await ask(host, member, "POST", "/Observation", pressure(118, None, DAY))
    one = await got(host, member, f"/Observation/{PRESSURE_ID}")

    assert [part["valueQuantity"]["value"] for part in both["component"]] == [120, 80]
    assert one["component"][0]["valueQuantity"]["value"] == 118
    assert one["component"][1]["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert await _vitals(host, member) == {(DAY, "systolic"): "118"}


async def test_devices_and_fhir_write_the_same_rows(host: StoreHost) -> None:
    """A FHIR write is newer than what a device wrote, and older than what that device writes next, before and after the fold."""
    member = await host.member()
    await put_vital(host, member, "body-weight", "65", seq=7)
    await host.seal()
    await ask(host, member, "POST", "/Observation", written("body-weight", 66, DAY))
    between = await _vitals(host, member)
    await host.seal()
    await put_vital(host, member, "body-weight", "67", seq=9)

    assert (between, await _vitals(host, member)) == ({(DAY, "body-weight"): "66"}, {(DAY, "body-weight"): "67"})
    assert ids(await got(host, member, "/Observation")) == [WEIGHT_ID]


async def test_nothing_is_newer_than_the_last_counter(host: StoreHost) -> None:
    """Where a device has used the last counter that there is, FHIR writes nothing after it."""
    member = await host.member()
    await put_vital(host, member, "body-weight", "65", seq=2**62 - 1)

    assert refusal(await ask(host, member, "POST", "/Observation", written("body-weight", 66, DAY))) == (
        422,
        "fhir-resource-refused",
    )
    assert await _vitals(host, member) == {(DAY, "body-weight"): "65"}


async def test_versions_guard_updates(host: StoreHost) -> None:
    """If-Match names the version that is replaced, If-None-Match that there is none, and a reader is told of no change."""
    member = await host.member()
    path = f"/Observation/{WEIGHT_ID}"

    def sent(value: float) -> Json:
        return written("body-weight", value, DAY, id=WEIGHT_ID)

    missing = await ask(host, member, "PUT", path, sent(65), {"If-Match": 'W/"0"'})
    new = await ask(host, member, "PUT", path, sent(65), {"If-None-Match": "*"})
    known = {"If-Match": new.headers["etag"]}
    taken = await ask(host, member, "PUT", path, sent(66), {"If-None-Match": "*"})
    good = await ask(host, member, "PUT", path, sent(66), known)
    stale = await ask(host, member, "PUT", path, sent(67), known)
    unread = await ask(host, member, "GET", path, headers={"If-None-Match": good.headers["etag"]})
    odd = await ask(host, member, "PUT", path, sent(67), {"If-Match": "66"})

    assert [refusal(one) for one in (missing, taken, stale, odd)] == [
        (404, "fhir-resource-unknown"),
        (412, "fhir-version-differs"),
        (412, "fhir-version-differs"),
        (400, "fhir-interaction-refused"),
    ]
    assert (new.status_code, good.status_code, unread.status_code, unread.content) == (201, 200, 304, b"")
    assert await _vitals(host, member) == {(DAY, "body-weight"): "66"}


async def test_updates_are_of_their_own_id(host: StoreHost) -> None:
    """The id in the address, the one in the resource and the one that follows from its content are one."""
    member = await host.member()
    path, other = f"/Observation/{WEIGHT_ID}", f"/Observation/{PRESSURE_ID}"
    answers = [
        await ask(host, member, "PUT", path, written("body-weight", 65, DAY)),
        await ask(host, member, "PUT", other, written("body-weight", 65, DAY, id=PRESSURE_ID)),
        await ask(host, member, "POST", "/Observation", written("body-weight", 65, DAY), {"If-None-Exist": "code=29463-7"}),
    ]

    assert [refusal(one) for one in answers] == [
        (422, "fhir-resource-refused"),
        (422, "fhir-resource-refused"),
        (400, "fhir-interaction-refused"),
    ]
    assert await _vitals(host, member) == {}


async def test_a_batch_stores_each_entry_for_itself(host: StoreHost) -> None:
    """Every entry has its own answer, in its place; what is refused keeps nothing else from being stored."""
    member = await host.member()
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    answer = await ask(
        host,
        member,
        "POST",
        "",
        _batch(
            _entry(written("body-weight", 65.5, DAY)),
            _entry(written("body-weight", 4, DAY)),
            _entry(pressure(120, 80, yesterday)),
            _entry(written("body-weight", 66, DAY, id=WEIGHT_ID), "PUT", f"Observation/{WEIGHT_ID}", ifMatch='W/"99"'),
            _entry(written("pulse", 60, "2020-01-01")),
            {"request": {"method": "DELETE", "url": f"Observation/{WEIGHT_ID}"}},
            "nothing",
            _entry(written("body-weight", 66, DAY, id=WEIGHT_ID), "PUT", f"Observation/{WEIGHT_ID}", ifMatch='W/"0"'),
        ),
    )
    responses = [entry["response"] for entry in valid(answer)["entry"]]

    assert [one["status"] for one in responses] == ["201", "422", "201", "412", "422", "400", "400", "200"]
    assert responses[0] == {"status": "201", "location": f"{BASE}/Observation/{WEIGHT_ID}", "etag": 'W/"0"'}
    assert [one["outcome"]["issue"][0]["diagnostics"] for one in (responses[1], responses[4])] == ["out-of-range", "too-old"]
    assert await _vitals(host, member) == {
        (DAY, "body-weight"): "66",
        (yesterday, "systolic"): "120",
        (yesterday, "diastolic"): "80",
    }


async def test_a_condition_that_is_no_text(host: StoreHost) -> None:
    """A condition of a batch's entry that is no text is not understood, and the entry stores nothing."""
    member = await host.member()
    entries = []
    for name in ("ifMatch", "ifNoneMatch", "ifNoneExist"):
        entry = _entry(written("body-weight", 65, DAY))
        entry["request"][name] = 1
        entries.append(entry)
    answer = await ask(host, member, "POST", "", _batch(*entries))

    assert [entry["response"]["status"] for entry in valid(answer)["entry"]] == ["400"] * 3
    assert await _vitals(host, member) == {}


async def test_batches_that_are_refused_as_a_whole(host: StoreHost) -> None:
    """A transaction promises more than is done here, a batch has its limit, and an empty one is answered."""
    member = await host.member()
    many = [_entry(written("body-weight", 65, DAY))] * 201
    wrong: list[object] = [{**_batch(), "type": "transaction"}, _batch(*many), [], written("body-weight", 65, DAY)]
    refused = [await ask(host, member, "POST", "", sent) for sent in wrong]
    empty = await ask(host, member, "POST", "", _batch())

    assert {refusal(one) for one in refused} == {(400, "fhir-interaction-refused")}
    assert empty.json() == {"resourceType": "Bundle", "type": "batch-response"}
    assert await _vitals(host, member) == {}


def _quantity(**changes: Any) -> Json:
    return {"value": 65, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg", **changes}


REFUSED: dict[str, tuple[Json, str]] = {
    "patient": ({"resourceType": "Patient"}, "resourceType"),
    "status": ({"status": "entered-in-error"}, "Observation.status"),
    "subject": ({"subject": {"reference": "Patient/1"}}, "Observation.subject"),
    "subject-form": ({"subject": "me"}, "Observation.subject"),
    "note": ({"note": [{"text": "ヒミツ"}]}, "Observation"),
    "device": ({"device": {"display": "ヒミツ"}}, "Observation"),
    "unknown": ({"ヒミツ": 1}, "Observation"),
    "code": ({"code": {"coding": [{"system": "http://loinc.org", "code": "1-1"}]}}, "Observation.code"),
    "no-code": ({"code": {"text": "ヒミツ"}}, "Observation.code"),
    "other-system": ({"code": {"coding": [{"system": "urn:x", "code": "29463-7"}]}}, "Observation.code"),
    "component-code": ({"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}}, "Observation.code"),
    "month": ({"effectiveDateTime": "2026-11"}, "Observation.effectiveDateTime"),
    "no-day": ({"effectiveDateTime": "2026-02-30"}, "Observation.effectiveDateTime"),
    "day-form": ({"effectiveDateTime": 20261120}, "Observation.effectiveDateTime"),
    "unit": ({"valueQuantity": _quantity(code="[lb_av]")}, "Observation.value"),
    "system": ({"valueQuantity": _quantity(system="urn:x")}, "Observation.value"),
    "comparator": ({"valueQuantity": _quantity(comparator="<")}, "Observation.value"),
    "text": ({"valueQuantity": _quantity(value="65")}, "Observation.value"),
    "truth": ({"valueQuantity": _quantity(value=True)}, "Observation.value"),
    "decimals": ({"valueQuantity": _quantity(value=65.123)}, "Observation.value"),
    "huge": ({"valueQuantity": _quantity(value=10**30)}, "Observation.value"),
    "negative": ({"valueQuantity": _quantity(value=-1)}, "Observation.value"),
    "list": ({"valueQuantity": [65]}, "Observation.value"),
    "component": ({"component": []}, "Observation.value"),
    "implausible": ({"valueQuantity": _quantity(value=4)}, "Observation"),
    "future": ({"effectiveDateTime": "2030-01-01"}, "Observation"),
}


async def test_refused_observations(host: StoreHost) -> None:
    """What would not be kept as it is is refused with its place, and never repeated; nothing is stored."""
    member = await host.member()
    answers = {
        name: await ask(host, member, "POST", "/Observation", {**written("body-weight", 65, DAY), **change})
        for name, (change, _) in REFUSED.items()
    }

    assert {refusal(answer) for answer in answers.values()} == {(422, "fhir-resource-refused")}
    assert {name: answer.json()["issue"][0]["expression"] for name, answer in answers.items()} == {
        name: [element] for name, (_, element) in REFUSED.items()
    }
    assert [name for name, answer in answers.items() if "ヒミツ" in answer.text] == []
    assert await _vitals(host, member) == {}


@pytest.mark.parametrize("component", [[], "x", [1], [{}], [{"code": {"coding": []}}]])
async def test_refused_panels(host: StoreHost, component: object) -> None:
    """A panel without values, or with parts that are none of it."""
    sent: Json = {**pressure(120, 80, DAY), "component": component}

    assert refusal(await ask(host, await host.member(), "POST", "/Observation", sent)) == (422, "fhir-resource-refused")


async def test_a_component_stands_once(host: StoreHost) -> None:
    """Two values for one part say two things."""
    sent: Json = pressure(120, 80, DAY)
    sent["component"].append(sent["component"][0])

    assert refusal(await ask(host, await host.member(), "POST", "/Observation", sent)) == (422, "fhir-resource-refused")


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"{", FHIR_JSON, (422, "malformed")),
        (b'{"a":1,"a":2}', FHIR_JSON, (422, "malformed")),
        (b"", FHIR_JSON, (422, "malformed")),
        (b"<Observation/>", "application/fhir+xml", (415, "fhir-body-refused")),
        (b"{}", "text/plain", (415, "fhir-body-refused")),
        (b"{}", "application/fhir+json; fhirVersion=3.0", (415, "fhir-body-refused")),
        (b"[1]", "application/json", (422, "fhir-resource-refused")),
    ],
)
async def test_bodies(host: StoreHost, body: bytes, content_type: str, expected: tuple[int, str]) -> None:
    """A body is strict JSON and says so; every refusal is an OperationOutcome."""
    answer = await ask(host, await host.member(), "POST", "/Observation", body, {"Content-Type": content_type})

    assert refusal(answer) == expected
