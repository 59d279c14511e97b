"""Documents that members' devices make of their checkups: whatever the registrar sealed comes back the same by its own importer."""

import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle as Peer
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol.encoding import unpad
from protocol.messages.records import Checkup
from protocol.record import Profile
from registrar.checkups import age_at_year_end
from registrar.details import details
from registrar.importers import Accepted, CheckupRow, Institution, Observation, Rejected
from registrar.importers import checkup_fhir as fhir
from registrar.importers.header import Fields, make_header, make_row
from registrar.importers.results import DOCTOR, Raw, observe
from registrar.observations import Table
from rooms.registrar.formats import WORDS
from rooms.registrar.test_checkup_round_trip import expected, results
from warifu.fhir import checkup_document

SAMPLES = os.environ.get("WARIFU_SAMPLES", "")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEXT = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40).filter(lambda text: text.strip() != "")
UNKNOWN = "9Z999000000000001"


def profile(row: CheckupRow) -> Profile:
    """Return the record of whose the checkup is."""
    number = ":".join([row.insurer_number, row.symbol, row.number, row.branch or "00"])
    return Profile(
        member_number=number,
        name="架空　太郎",
        kana="カクウ　タロウ",
        birth_date=row.birth_date.isoformat(),
        sex=row.sex,
        relation="insured",
        postcode="000-0000",
        address="架空県架空市1-2-3",
        telephone="000-0000-0000",
    )


def split(row: CheckupRow) -> tuple[Checkup, dict[str, Any], Table]:
    """Return what anon-data stores, and what the details say when they are opened."""
    table = Table()
    said, kept_out = table.split(row)
    checkup = Checkup(
        exam_date=row.exam_date,
        fiscal_year=row.fiscal_year,
        program=row.program_code,
        age=age_at_year_end(row.birth_date, row.fiscal_year),
        observations=said,
    )
    return checkup, json.loads(unpad(details(row, kept_out))), table


def document(row: CheckupRow) -> dict[str, Any]:
    """Return the document that the member's device makes."""
    checkup, opened, table = split(row)
    return checkup_document(profile(row), checkup, table.items, opened, NOW)


def read_back(path: Path, row: CheckupRow) -> tuple[CheckupRow, list[str]]:
    """Write the document, and import it."""
    path.write_text(json.dumps(document(row), ensure_ascii=False), encoding="utf-8")
    outcomes = list(fhir.read(path))
    (found,) = [one.row for one in outcomes if isinstance(one, Accepted)]
    return found, [one.code for one in outcomes if isinstance(one, Rejected) and one.scope != "note"]


def whose(row: CheckupRow) -> tuple[object, ...]:
    """Return the header."""
    return (
        *(row.insurer_number, row.symbol, row.number, row.branch, row.birth_date, row.sex, row.exam_date, row.fiscal_year),
        *(row.program_code, row.report_code, row.institution, row.ticket),
    )


def raw(one: Any) -> Observation:
    """Return a generated result as importers read it."""
    said = expected(one)
    value = "" if said.value is None else str(said.value)
    return observe(
        Raw(
            said.code,
            one.item.kind,
            value,
            said.unit or "",
            said.code_system or "",
            said.status,  # type: ignore[arg-type]
            said.interpretation,
        )
    )


@st.composite
def rows(draw: st.DrawFn) -> CheckupRow:
    """Any checkup that an importer can hand on: results of the table, some twice, some of codes outside it."""
    found = [raw(one) for one in draw(st.lists(results(), max_size=12))]
    if draw(st.booleans()):
        number = Decimal(draw(st.integers(-(10**6), 10**6))).scaleb(-draw(st.integers(0, 3)))
        found.append(observe(Raw(UNKNOWN, "PQ", format(number, "f"), "mg/dL", interpretation="H")))
    if draw(st.booleans()):
        found.append(observe(Raw("9Z998000000000011", "CD", "7", "", "1.2.392.200119.6.99999")))
    if draw(st.booleans()):
        found.append(observe(Raw(DOCTOR, "ST", draw(TEXT))))
    fields = Fields(
        insurer_number="06990019",
        symbol=draw(st.sampled_from(["", "101", "架空あ"])),
        number=str(draw(st.integers(1, 10**6))),
        branch="01",
        kana_name="カクウ タロウ",
        birth_date="1980-04-01",
        sex=draw(st.sampled_from("12")),
        exam_date=draw(st.dates(datetime(2019, 4, 1, tzinfo=UTC).date(), datetime(2026, 3, 31, tzinfo=UTC).date())).isoformat(),
        program_code=draw(st.sampled_from(["010", "020", "030", "060", "990"])),
        report_code=draw(st.sampled_from(["10", "40", "41"])),
        institution_number=draw(st.sampled_from(["", "1311234567"])),
        institution_name=draw(st.one_of(st.just(""), TEXT)),
        ticket=draw(st.sampled_from(["", "24100000123"])),
    )
    return make_row(make_header(fields, missing="header-incomplete"), found)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("document") / "document.json"


@settings(max_examples=150, deadline=None)
@given(row=rows())
def test_documents_come_back_the_same(path: Path, row: CheckupRow) -> None:
    """The same open results and the same details, to the last byte of what is sealed, for the same member and day."""
    found, lost = read_back(path, row)

    assert lost == []
    assert whose(found) == whose(row)
    assert split(found)[:2] == split(row)[:2]


@settings(max_examples=60, deadline=None)
@given(row=rows())
def test_documents_are_valid(row: CheckupRow) -> None:
    """The peer library finds nothing wrong, every reference leads somewhere, and the composition comes first."""
    made = document(row)
    Peer.model_validate(made)
    addresses = [entry["fullUrl"] for entry in made["entry"]]

    assert len(addresses) == len(set(addresses))
    assert set(references(made)) <= set(addresses)
    assert made["entry"][0]["resource"]["resourceType"] == "Composition"
    assert "\u3000" not in json.dumps([entry["resource"].get("name") for entry in made["entry"]], ensure_ascii=False)


def references(value: Any) -> list[str]:
    """Return every reference within."""
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for inner in value.values() for one in references(inner)]
    return [one for inner in value for one in references(inner)] if isinstance(value, list) else []


def test_the_same_checkup_is_the_same_document() -> None:
    """All ids follow from the content: made again it differs in its time alone."""
    fields = Fields("06990019", "101", "7", "01", "", "カクウ", "1980-04-01", "1", "2024-06-10", "010", "10", "1311234567", "架空")
    row = make_row(make_header(fields, missing="header-incomplete"), [observe(Raw(WORDS, "ST", "架空の判定"))])
    checkup, opened, table = split(row)
    later = checkup_document(profile(row), checkup, table.items, opened, NOW.replace(year=2027))
    made = document(row)

    assert json.dumps(made).replace("2026-11-20T12", "2027-11-20T12") == json.dumps(later)
    assert made["identifier"]["value"].startswith("1311234567^")


def test_institutions_that_are_not_known() -> None:
    """Without details the insurer reports, and nobody is invented."""
    fields = Fields("06990019", "101", "7", "01", "", "カクウ", "1980-04-01", "1", "2024-06-10", "010", "10")
    row = make_row(make_header(fields, missing="header-incomplete"), [])
    checkup, _, table = split(row)
    made = checkup_document(profile(row), checkup, table.items, {}, NOW)
    Peer.model_validate(made)

    assert [entry["resource"]["resourceType"] for entry in made["entry"]] == [
        *("Composition", "Patient", "Encounter", "Coverage", "Organization"),
    ]
    assert row.institution == Institution(None, None)


@pytest.mark.skipif(not SAMPLES, reason="WARIFU_SAMPLES names no folder with the public samples")
def test_the_public_sample_goes_round(path: Path) -> None:
    """The published document, imported, made again by the member's device and imported again: all 44 results are there."""
    sample = Path(SAMPLES) / "fhir" / "eCheckupReport-Sample-01.json"
    (row,) = [one.row for one in fhir.read(sample) if isinstance(one, Accepted)]
    found, lost = read_back(path, row)
    sent = [entry["resource"] for entry in json.loads(sample.read_text(encoding="utf-8"))["entry"]]
    codes = {one["code"]["coding"][0]["code"] for one in sent if one["resourceType"] == "Observation"}

    assert (len(codes), lost) == (44, [])
    assert codes <= {one.code for one in (*found.observations, *found.details)}
    assert (whose(found), split(found)[:2]) == (whose(row), split(row)[:2])
