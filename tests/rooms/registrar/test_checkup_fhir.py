"""FHIR documents as they come: what is read by reference, what is refused, and the public sample."""

import json
import os
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from registrar.importers import Accepted, CheckupRow, Rejected, find
from registrar.importers.checkup_fhir import IMPORTER, read
from rooms.registrar.formats import HEIGHT, RESULTS, SMOKING, WEIGHT, WORDS, Checkup, bundle, xml_document
from rooms.registrar.samples import SECRET

SAMPLES = os.environ.get("WARIFU_SAMPLES", "")
Bundle = dict[str, Any]
Change = Callable[[Bundle], object]


def written(folder: Path, change: Change = lambda _: None, one: Checkup | None = None) -> Path:
    """Write a document after a change."""
    found = bundle(one or Checkup(results={HEIGHT: "170.5"}))
    change(found)
    path = folder / "bundle.json"
    path.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return path


def resource(found: Bundle, name: str) -> dict[str, Any]:
    return next(entry["resource"] for entry in found["entry"] if entry["fullUrl"] == f"urn:uuid:{name}")


def outcome(path: Path) -> tuple[list[CheckupRow], list[tuple[str, str]]]:
    outcomes = list(read(path))
    rows = [one.row for one in outcomes if isinstance(one, Accepted)]
    return rows, [(one.code, one.about) for one in outcomes if isinstance(one, Rejected)]


@pytest.mark.skipif(not SAMPLES, reason="WARIFU_SAMPLES names no folder with the public samples")
def test_the_public_sample() -> None:
    """All 44 results are read; words, the doctor and the numbers are apart. It names two days, of which the encounter's counts."""
    path = Path(SAMPLES) / "fhir" / "eCheckupReport-Sample-01.json"
    (row,), reports = outcome(path)
    sent = [entry["resource"] for entry in json.loads(path.read_text(encoding="utf-8"))["entry"]]
    codes = {one["code"]["coding"][0]["code"] for one in sent if one["resourceType"] == "Observation"}

    assert len(codes) == 44
    assert codes <= {one.code for one in (*row.observations, *row.details)}
    assert [one.name for one in row.details] == [
        *("medical-history-text", "subjective-symptoms-text", "physician-diagnosis", "physician-name"),
    ]
    assert (row.insurer_number, row.symbol, row.number, row.branch, row.ticket) == (
        *("06123456", "12345", "67890", "01", "24100000123"),
    )
    assert (row.exam_date, row.birth_date, row.sex, row.program_code) == (date(2020, 4, 4), date(1950, 5, 4), "male", "010")
    assert reports == [("days-differ", "")]


def test_recognised_by_content(tmp_path: Path) -> None:
    """A JSON object is tried as a document, whatever the file is called."""
    assert find(written(tmp_path)) is IMPORTER


def test_number_joined_in_an_identifier(tmp_path: Path) -> None:
    """Without fields of its own, insurer, symbol, number and branch stand in one identifier, in full-width characters."""

    def change(found: Bundle) -> None:
        del resource(found, "insurance")["extension"]
        resource(found, "patient")["identifier"] = [{"system": "urn:x:memberID", "value": "06990019:架空あ:１００００７:０１"}]

    (row,), reports = outcome(written(tmp_path, change))

    assert (row.insurer_number, row.symbol, row.number, row.branch, reports) == ("06990019", "架空あ", "100007", "01", [])


def test_members_and_components(tmp_path: Path) -> None:
    """Results within results are read once each, also where they go round in a circle."""

    def change(found: Bundle) -> None:
        one = resource(found, "result-0")
        one["component"] = [{"code": {"coding": [{"system": "urn:oid:1.2.392.200119.6.1005", "code": WORDS}]}, "valueString": "文"}]
        one["hasMember"] = [{"reference": "urn:uuid:result-1"}]
        resource(found, "result-1")["hasMember"] = [{"reference": "urn:uuid:result-0"}]

    (row,), reports = outcome(written(tmp_path, change, Checkup(results={HEIGHT: "170.5", WEIGHT: "60.0"})))

    assert ([one.name for one in row.observations], [one.name for one in row.details], reports) == (
        ["body-height", "body-weight"],
        ["physician-diagnosis"],
        [],
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dataAbsentReason": {"coding": [{"code": "not-performed"}]}}, "not-done"),
        ({"dataAbsentReason": {"coding": [{"code": "error"}]}}, "not-measurable"),
        ({"dataAbsentReason": {"coding": [{"code": "PINF"}]}}, "above-range"),
        ({"dataAbsentReason": {"coding": [{"code": "negative-infinity"}]}}, "below-range"),
        ({"dataAbsentReason": {"coding": [{"code": "unknown"}]}}, "missing"),
        ({"valueQuantity": {"value": 170, "code": "cm", "comparator": ">="}}, "above-range"),
        ({"valueQuantity": {"value": 170, "code": "cm", "comparator": "<"}}, "below-range"),
        ({"valueQuantity": {"value": 170, "code": "cm"}, "status": "cancelled"}, "not-done"),
        ({"status": "cancelled", "dataAbsentReason": {"coding": [{"code": "error"}]}}, "not-measurable"),
    ],
)
def test_results_without_a_value(tmp_path: Path, change: dict[str, Any], expected: str) -> None:
    """Why there is no value is kept in the words of the other formats; a bound is no value."""

    def apply(found: Bundle) -> None:
        one = resource(found, "result-0")
        del one["valueQuantity"]
        one.update(change)

    (row,), reports = outcome(written(tmp_path, apply))

    assert ([(one.status, one.value) for one in row.observations], reports) == ([(expected, None)], [])


@pytest.mark.parametrize(
    ("change", "report"),
    [
        ({"valueQuantity": {"value": 999, "code": "cm"}}, ("item-out-of-range", HEIGHT)),
        ({"valueQuantity": {"value": "170", "code": "cm"}}, ("item-value-missing", HEIGHT)),
        ({"valueQuantity": {"value": True, "code": "cm"}}, ("item-value-missing", HEIGHT)),
        ({"valueQuantity": {"value": 1e30, "code": "cm"}}, ("item-not-a-number", HEIGHT)),
        ({"valueQuantity": {"value": 1.7, "code": "m"}}, ("item-unit-unknown", HEIGHT)),
        ({"valueQuantity": [1]}, ("item-value-missing", HEIGHT)),
        ({"valueString": "高い", "valueQuantity": None}, ("item-type-mismatch", HEIGHT)),
        ({"code": {"coding": [{"system": "urn:oid:1.2.392.200119.6.1005", "code": SECRET}]}}, ("item-code-bad", "")),
        ({"code": {"coding": [{"system": "http://loinc.org", "code": HEIGHT}]}}, ("item-code-bad", "")),
        ({"status": "entered-in-error"}, ("result-withdrawn", HEIGHT)),
        ({"status": None}, ("result-withdrawn", HEIGHT)),
        ({"subject": {"reference": "urn:uuid:encounter"}}, ("subject-differs", HEIGHT)),
        ({"subject": {"reference": SECRET}}, ("subject-differs", HEIGHT)),
        ({"hasMember": [{"reference": "urn:uuid:nothing"}]}, ("reference-broken", "")),
    ],
)
def test_refused_results(tmp_path: Path, change: dict[str, Any], report: tuple[str, str]) -> None:
    """A result that cannot be is reported by item; the document's other result stays."""

    def apply(found: Bundle) -> None:
        one = resource(found, "result-0")
        one.update(change)
        if one["valueQuantity"] is None:
            del one["valueQuantity"]

    (row,), reports = outcome(written(tmp_path, apply, Checkup(results={HEIGHT: "170.5", WEIGHT: "60.0"})))

    assert "body-weight" in [one.name for one in row.observations]
    assert reports == [report]


def test_choices_by_their_list(tmp_path: Path) -> None:
    """An answer is of the list that the document names, of either term; of another list it is refused."""

    def of_the_third(found: Bundle) -> None:
        resource(found, "result-0")["valueCodeableConcept"]["coding"][0]["system"] = "urn:oid:1.2.392.200119.6.2003"

    def of_none(found: Bundle) -> None:
        resource(found, "result-0")["valueCodeableConcept"]["coding"][0]["system"] = "urn:oid:1.2.392.200119.6.2001"

    smoking = Checkup(results={SMOKING: "2"})
    (row,), _ = outcome(written(tmp_path, of_the_third, smoking))
    _, reports = outcome(written(tmp_path, of_none, smoking))

    assert [(one.value, one.code_system) for one in row.observations] == [("2", "1.2.392.200119.6.2003")]
    assert reports == [("item-choice-unknown", SMOKING)]


def test_what_no_section_names_is_counted(tmp_path: Path) -> None:
    """Results outside the sections and attachments are not part of what is read, and the report says how many."""

    def change(found: Bundle) -> None:
        resource(found, "composition")["section"][0]["entry"] = [{"reference": "urn:uuid:gone"}]
        found["entry"].append({"fullUrl": "urn:uuid:attached", "resource": {"resourceType": "DocumentReference"}})

    (row,), reports = outcome(written(tmp_path, change))

    assert (row.observations, reports) == (
        (),
        [("reference-broken", ""), ("results-outside", "1"), ("attachment-unread", "1")],
    )


def drop(name: str, *keys: str) -> Change:
    def change(found: Bundle) -> None:
        for key in keys:
            del resource(found, name)[key]

    return change


def put(name: str, **values: object) -> Change:
    return lambda found: resource(found, name).update(values)


@pytest.mark.parametrize(
    ("change", "report"),
    [
        (lambda found: found.update(type="collection"), ("document-unknown", "")),
        (lambda found: found.update(resourceType="Patient"), ("document-unknown", "")),
        (lambda found: found.update(entry={}), ("document-unknown", "")),
        (lambda found: found["entry"].append(found["entry"][1]), ("document-unknown", "")),
        (put("composition", category=[]), ("document-not-a-checkup", "")),
        (put("composition", subject={"reference": "urn:uuid:encounter"}), ("header-incomplete", "patient")),
        (put("ticket", type={}), ("header-incomplete", "insurance")),
        (drop("insurance", "extension"), ("header-incomplete", "number")),
        (drop("insurer", "identifier"), ("header-incomplete", "insurer number")),
        (drop("encounter", "period"), ("header-incomplete", "examination date")),
        (put("patient", birthDate="1980"), ("date-bad", "birth date")),
        (put("patient", birthDate=["1980-04-01"]), ("header-incomplete", "birth date")),
        (put("patient", gender="other"), ("sex-bad", "")),
        (put("insurance", extension=[{"url": None}]), ("header-incomplete", "number")),
    ],
)
def test_refused_documents(tmp_path: Path, change: Change, report: tuple[str, str]) -> None:
    """A document that is not a checkup, or says not whose, is one report and no row."""
    assert outcome(written(tmp_path, change)) == ([], [report])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"type":"document","type":"document"}', "json-malformed"),
        (b'{"value":NaN}', "json-malformed"),
        (b'{"value":"\\ud800"}', "json-malformed"),
        ('{"value":"あ"}'.encode("cp932"), "json-malformed"),
        (b'{"a":' * 41 + b"1" + b"}" * 41, "json-too-deep"),
        (b'{"a":' * 90_000, "json-malformed"),
        (b'{"a":1', "json-malformed"),
        (b"{}", "document-unknown"),
        (b'{"a":"' + b"x" * (8 << 20) + b'"}', "file-too-large"),
    ],
)
def test_json_that_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    """Keys that stand twice, numbers that are none, other encodings, and more or deeper than the limits."""
    path = tmp_path / "a.json"
    path.write_bytes(content)

    assert outcome(path) == ([], [(code, "")])


def test_numbers_are_read_as_written(tmp_path: Path) -> None:
    """A number keeps its digits; there is no rounding on the way."""
    (row,), _ = outcome(written(tmp_path, one=Checkup(results={HEIGHT: "162.3", WEIGHT: "60"})))

    assert [(one.value, str(one.value)) for one in row.observations] == [(Decimal("162.3"), "162.3"), (Decimal(60), "60.0")]


def test_the_doctor_goes_to_the_details(tmp_path: Path) -> None:
    """Who judged is a result of the sealed part."""

    def change(found: Bundle) -> None:
        doctor = {"resourceType": "Practitioner", "name": [{"text": SECRET}]}
        found["entry"].append({"fullUrl": "urn:uuid:doctor", "resource": doctor})
        resource(found, "result-0")["performer"] = [{"reference": "urn:uuid:doctor"}]

    (row,), _ = outcome(written(tmp_path, change))

    assert ([one.name for one in row.observations], [one.name for one in row.details]) == (["body-height"], ["physician-name"])


def lines(folder: Path, *documents: object) -> Path:
    """Write documents, a line each; text stands as it is."""
    path = folder / "documents.ndjson"
    path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in documents), encoding="utf-8")
    return path


def collection(folder: Path, *found: Bundle) -> Path:
    """Write a collection."""
    path = folder / "collection.json"
    written = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in found]}
    path.write_text(json.dumps(written), encoding="utf-8")
    return path


def places(path: Path) -> list[tuple[str, int | None, str]]:
    """Return where each outcome stands, and a row's number or a report's code."""
    return [(one.file, one.line, one.row.number if isinstance(one, Accepted) else one.code) for one in read(path)]


def test_several_documents_in_a_collection(tmp_path: Path) -> None:
    """Each is a row of its own or refused by itself; what is no document is counted."""
    refused = {**bundle(Checkup(number="2")), "type": "message"}
    path = collection(tmp_path, bundle(Checkup(number="1")), refused, {"resourceType": "Patient"}, bundle(Checkup(number="3")))

    assert find(path) is IMPORTER
    assert places(path) == [
        ("bundle[000001]", None, "1"),
        ("bundle[000002]", None, "document-unknown"),
        ("bundle[000004]", None, "3"),
        ("bundle", None, "entries-unread"),
    ]


def test_several_documents_by_lines(tmp_path: Path) -> None:
    """A document a line, empty lines between; a line may be a collection itself."""
    inner = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": bundle(Checkup(number="3"))}]}
    path = lines(tmp_path, bundle(Checkup(number="1")), "", {"resourceType": "Patient"}, inner, bundle(Checkup(number="4")))

    assert find(path) is IMPORTER
    assert places(path) == [
        ("bundle", 1, "1"),
        ("bundle[000001]", 4, "3"),
        ("bundle", 5, "4"),
        ("bundle", None, "entries-unread"),
    ]


@pytest.mark.parametrize("damaged", ["{", '{"a":1,"a":2}', "[]", '{"a":' * 50 + "1" + "}" * 50, f'"{SECRET}"'])
def test_a_damaged_line_refuses_the_file(tmp_path: Path, damaged: str) -> None:
    """A file that was cut off is not read by half, wherever the damage is."""
    path = lines(tmp_path, bundle(Checkup(number="1")), bundle(Checkup(number="2")), damaged)

    assert places(path) == [("bundle", None, "lines-damaged")]


def test_lines_without_a_document(tmp_path: Path) -> None:
    """Resources of another kind are one report, however many there are."""
    assert places(lines(tmp_path, *[{"resourceType": "Observation"}] * 3)) == [("bundle", None, "document-unknown")]


def test_reports_name_their_document(tmp_path: Path) -> None:
    """A report on a single result says in which document it stands."""
    found = bundle(Checkup(results={HEIGHT: "170.5"}))
    resource(found, "result-0")["valueQuantity"] = {"value": 999, "code": "cm"}

    assert places(lines(tmp_path, bundle(Checkup(number="1")), found))[1:] == [
        ("bundle", 2, "1"),
        ("bundle", 2, "item-out-of-range"),
    ]


def attach(content: bytes, kind: str = "cdar2_hc08_v08") -> Change:
    """Take the document's own results away, and attach a document."""
    attached = {
        "resourceType": "DocumentReference",
        "content": [{"format": {"code": kind}, "attachment": {"data": b64encode(content).decode()}}],
    }

    def change(found: Bundle) -> None:
        resource(found, "composition")["section"] = [{"entry": [{"reference": "urn:uuid:attached"}]}]
        found["entry"] = [one for one in found["entry"] if one["resource"]["resourceType"] != "Observation"]
        found["entry"].append({"fullUrl": "urn:uuid:attached", "resource": attached})

    return change


def test_an_attached_checkup_is_read(tmp_path: Path) -> None:
    """A document without results of its own, with the same person's checkup in XML attached, is that checkup."""
    (row,), reports = outcome(written(tmp_path, attach(xml_document(Checkup(written="20240620")))))

    assert {one.code for one in (*row.observations, *row.details)} == set(RESULTS)
    assert (row.number, row.written, reports) == ("1", date(2024, 6, 20), [])


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (attach(xml_document(Checkup(number="2"))), ["attachment-differs"]),
        (attach(xml_document(Checkup(birth="19800402"))), ["attachment-differs"]),
        (attach(xml_document(Checkup(sex="2"))), ["attachment-differs"]),
        (attach(b"<ClinicalDocument"), ["attachment-bad"]),
        (attach(f"<!DOCTYPE x>{SECRET}".encode()), ["attachment-bad"]),
        (attach(b"<x/>"), ["document-not-a-checkup"]),
    ],
)
def test_attachments_that_cannot_be(tmp_path: Path, change: Change, codes: list[str]) -> None:
    """Somebody else's checkup, and what is none, are refused without a word of theirs."""
    path = written(tmp_path, change)

    assert outcome(path) == ([], [(code, "") for code in codes])
    assert SECRET not in repr(list(read(path)))


def test_other_attachments_are_counted(tmp_path: Path) -> None:
    """An attachment of another kind, or beside results of the document's own, is not read."""
    (row,), reports = outcome(written(tmp_path, attach(b"x", "cdar2_jahis_18007")))

    def beside(found: Bundle) -> None:
        data = b64encode(xml_document(Checkup(results={WEIGHT: "60.5"}))).decode()
        content = [{"format": {"code": "cdar2_hc08_v08"}, "attachment": {"data": data}}]
        found["entry"].append({"fullUrl": "urn:uuid:a", "resource": {"resourceType": "DocumentReference", "content": content}})

    (own,), told = outcome(written(tmp_path, beside))

    assert (row.observations, reports) == ((), [("attachment-unread", "1")])
    assert ([one.code for one in own.observations], told) == ([HEIGHT], [("attachment-unread", "1")])
