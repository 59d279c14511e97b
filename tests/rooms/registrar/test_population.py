"""The invented population: repeatable, fictional, plausible, and in the form the real files have."""

import csv
import json
import os
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from random import Random
from typing import TypeVar
from zipfile import ZipFile

import pytest
from health import Facts, guidance_level, metabolic_syndrome
from health.items import by_code, items
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from registrar.importers import Accepted, CheckupRow, EligibilityRow, GuidanceRow, Rejected, checkup_xml, find, rehearse
from registrar.population import PopulationSummary, write_population
from registrar.population.guidance import write_guidance
from registrar.population.people import make_people
from registrar.population.sites import make_sites
from registrar.population.structure import faults

MEMBERS = 2000
Row = TypeVar("Row")


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> PopulationSummary:
    """Write the default population."""
    return write_population(tmp_path_factory.mktemp("population"), MEMBERS)


@pytest.fixture(scope="module")
def read(population: PopulationSummary) -> dict[Path, list[object]]:
    """Every file's outcomes, read once by the importer that recognises it."""
    found: dict[Path, list[object]] = {}
    for path in (population.eligibility, *population.archives.values()):
        importer = find(path)
        found[path] = list(importer.read(path)) if importer else []
    return found


@pytest.fixture(scope="module")
def members(population: PopulationSummary, read: dict[Path, list[object]]) -> list[EligibilityRow]:
    """Its members, as the importer reads them."""
    return rows_of(read[population.eligibility], EligibilityRow)


@pytest.fixture(scope="module")
def checkups(population: PopulationSummary, read: dict[Path, list[object]]) -> dict[int, list[CheckupRow]]:
    """Its checkups by fiscal year, as the importer reads them."""
    return {year: rows_of(read[path], CheckupRow) for year, path in population.archives.items()}


def rows_of(outcomes: list[object], kind: type[Row]) -> list[Row]:
    return [one.row for one in outcomes if isinstance(one, Accepted) and isinstance(one.row, kind)]


def content(summary: PopulationSummary) -> list[bytes]:
    files = (summary.eligibility, summary.accounts_file, *summary.archives.values())
    return [path.read_bytes() for path in files]


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """The seed decides everything."""
    first, again, other = (write_population(tmp_path / name, 60, seed=seed) for name, seed in (("a", 7), ("b", 7), ("c", 8)))

    assert content(first) == content(again)
    assert content(first) != content(other)


def test_counts(
    population: PopulationSummary,
    read: dict[Path, list[object]],
    members: list[EligibilityRow],
    checkups: dict[int, list[CheckupRow]],
) -> None:
    """The summary says what the importers then find, without a single report."""
    assert [one for outcomes in read.values() for one in outcomes if isinstance(one, Rejected)] == []
    assert population.members == len(members) == len({row.member for row in members}) == MEMBERS
    assert population.insured == sum(row.insured for row in members)
    assert population.checkups == {year: len(rows) for year, rows in checkups.items()}


def test_visibly_fictional(members: list[EligibilityRow]) -> None:
    """No address, telephone, mail domain or insurer of the population can exist."""
    odd = [
        row
        for row in members
        if not row.address.startswith("架空県試験市")
        or not row.telephone.startswith("00-0000-")
        or not row.postcode.startswith("000-")
        or (row.email and not row.email.endswith(("@example.jp", ".invalid")))
        or row.insurer_number[2:4] != "99"
    ]

    assert len(odd) == 0


def test_accounts(population: PopulationSummary, members: list[EligibilityRow]) -> None:
    """Every employee, and nobody else, has one account of work id and display name."""
    accounts = json.loads(population.accounts_file.read_text(encoding="utf-8"))["accounts"]

    assert Counter(account["work_id"] for account in accounts) == Counter(row.work_id for row in members if row.work_id)
    assert {frozenset(account) for account in accounts} == {frozenset({"work_id", "display_name"})}


def test_readable_by_spreadsheets(population: PopulationSummary) -> None:
    """The table starts with a byte order mark and has one line per member."""
    raw = population.eligibility.read_bytes()

    assert raw.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.reader(raw.decode("utf-8-sig").splitlines()))) == MEMBERS + 1


def test_sites_are_skewed(members: list[EligibilityRow]) -> None:
    """About one site per 400 members, the largest well ahead of the smallest."""
    sizes = Counter(row.site_code for row in members).most_common()

    assert len(sizes) == MEMBERS / 400
    assert sizes[0][1] > 2 * sizes[-1][1]


def share(rows: list[CheckupRow], name: str, value: str, sex: str) -> float:
    """How large a share of one sex's answers to a question is `value`."""
    found = [one.value for row in rows if row.sex == sex for one in row.observations if one.name == name]
    return found.count(value) / len(found)


def test_plausible(members: list[EligibilityRow], checkups: dict[int, list[CheckupRow]]) -> None:
    """Ages, uptake, smoking, medicine and guidance levels lie where Japanese insurers find them."""
    rows = checkups[2024]
    adults = [row for row in members if 40 <= 2025 - row.birth_date.year - (row.birth_date.timetuple()[1:3] > (3, 31)) <= 74]
    examined = {(row.symbol, row.number, row.branch) for row in rows}
    uptake = {
        insured: [(row.symbol, row.number, row.branch) in examined for row in adults if row.insured is insured]
        for insured in (True, False)
    }
    measured = {
        "uptake of the insured": (sum(uptake[True]) / len(uptake[True]), 0.70, 0.88),
        "uptake of dependants": (sum(uptake[False]) / len(uptake[False]), 0.33, 0.57),
        "men who smoke": (share(rows, "smoking", "1", "male"), 0.18, 0.32),
        "women who smoke": (share(rows, "smoking", "1", "female"), 0.04, 0.13),
        "men on pressure medicine": (share(rows, "medication-blood-pressure", "1", "male"), 0.05, 0.25),
        "men for active support": (share(rows, "guidance-level", "1", "male"), 0.08, 0.28),
        "women for active support": (share(rows, "guidance-level", "1", "female"), 0.0, 0.06),
        "men with the syndrome": (share(rows, "metabolic-syndrome", "1", "male"), 0.08, 0.30),
    }

    assert {name: value for name, (value, low, high) in measured.items() if not low <= value <= high} == {}


def test_years_resemble_each_other(checkups: dict[int, list[CheckupRow]]) -> None:
    """Weights of the same person in two years correlate strongly."""
    weights = [
        {
            (row.number, row.branch): float(Decimal(one.value))
            for row in rows
            for one in row.observations
            if one.name == "body-weight" and one.value
        }
        for rows in checkups.values()
    ]
    pairs = [(weights[0][who], weights[1][who]) for who in weights[0] if who in weights[1]]
    mean_change = sum(abs(after - before) for before, after in pairs) / len(pairs)

    assert len(pairs) > 400
    assert 0.5 < mean_change < 6


def test_required_results(checkups: dict[int, list[CheckupRow]]) -> None:
    """Every specific checkup reports what the 4th term requires, or says why not; texts only where there is something to tell."""
    always = {item.name for item in items() if item.required == "1" and not item.name.endswith("-text")}
    one_of = [{item.name for item in items() if item.required == letter} for letter in "ABCDEFGHJKL"]
    glucose = {item.name for item in items() if item.required in ("b", "c", "d")}
    lacking = [
        (always - names, [group for group in (*one_of, glucose) if not group & names])
        for row in chain.from_iterable(checkups.values())
        if row.report_code == "10"
        for names in ({one.name for one in (*row.observations, *row.details)},)
        if always - names or any(not group & names for group in (*one_of, glucose))
    ]

    assert lacking == []


def test_every_kind_of_value(checkups: dict[int, list[CheckupRow]]) -> None:
    """Not done, not measurable, beyond the range, groups, casual blood draws and both programmes occur."""
    rows = list(chain.from_iterable(checkups.values()))
    found = [one for row in rows for one in (*row.observations, *row.details)]

    assert {one.status for one in found} >= {"measured", "not-done", "not-measurable", "above-range"}
    assert {"triglycerides-fasting", "triglycerides-casual", "glucose-casual", "hba1c-ngsp", "egfr"} <= {one.name for one in found}
    assert {row.program_code for row in rows} == {"010", "030"}
    assert {one.reason for one in found if one.group} == {True, False}


def test_a_month_later(tmp_path: Path) -> None:
    """The second table has some of every event, is read without a report, and follows from the seed; the first is as ever."""
    plain, first, again = (write_population(tmp_path / name, 600, later=name != "a") for name in "abc")
    assert first.later is not None
    assert again.later is not None
    outcomes = list(find(first.later).read(first.later))  # type: ignore[union-attr]  # it is recognised, or the test fails here
    rows = rows_of(outcomes, EligibilityRow)
    happened = {"left", "died", "retired", "moved", "renamed", "work id", "transferred", "returned", "joined"}

    assert [one for one in outcomes if isinstance(one, Rejected)] == []
    assert (set(first.happened), first.later.read_bytes()) == (happened, again.later.read_bytes())
    assert plain.eligibility.read_bytes() == first.eligibility.read_bytes()
    assert sum(row.previous is not None for row in rows) >= first.happened["retired"]
    assert sum(row.died for row in rows) >= first.happened["died"]


def test_families_with_children_under_age(members: list[EligibilityRow]) -> None:
    """There are many, and some name the other parent as guardian."""
    children = [row for row in members if row.relation == "child" and row.birth_date.year >= 2010]

    assert (len(children) > 100, sum(row.guardian is not None for row in members) > 3) == (True, True)


def test_form(population: PopulationSummary) -> None:
    """Every document and every index has the form our own table describes."""
    found = Counter[str]()
    for path in population.archives.values():
        with ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".xml"):
                    found.update(faults(etree.fromstring(archive.read(name))))

    assert found == {}


def test_form_check_finds_faults(population: PopulationSummary) -> None:
    """The table's check notices a missing part, a foreign attribute, a wrong order and a bad form."""
    with ZipFile(population.archives[2024]) as archive:
        name = next(name for name in archive.namelist() if "/DATA/" in name)
        root = etree.fromstring(archive.read(name))
    namespace = "{urn:hl7-org:v3}"
    custodian = root.find(f"{namespace}custodian")
    assert custodian is not None
    root.remove(custodian)
    root.insert(0, custodian)
    root.set("extra", "1")
    birth = root.find(f".//{namespace}birthTime")
    assert birth is not None
    birth.set("value", "1970")
    sex = root.find(f".//{namespace}administrativeGenderCode")
    assert sex is not None
    del sex.attrib["code"]

    patient = "ClinicalDocument/recordTarget/patientRole/patient"
    assert set(faults(root)) == {
        "ClinicalDocument: order",
        "ClinicalDocument@extra: not in the table",
        f"{patient}/administrativeGenderCode@code: missing",
        f"{patient}/birthTime@value: form",
    }


def test_ministry_schemas(population: PopulationSummary) -> None:
    """Every document and index is valid against the ministry's schemas, where WARIFU_SCHEMAS names their folder."""
    folder = os.environ.get("WARIFU_SCHEMAS")
    if not folder:
        pytest.skip("WARIFU_SCHEMAS does not name a folder with the ministry's schema files (hc08_V08.xsd, ix08_V08.xsd)")
    document, index = (etree.XMLSchema(etree.parse(Path(folder) / f"{name}_V08.xsd")) for name in ("hc08", "ix08"))
    invalid = []
    for path in population.archives.values():
        with ZipFile(path) as archive:
            for name in archive.namelist():
                schema = index if name.endswith("ix08_V08.xml") else document
                if name.endswith(".xml") and not schema.validate(etree.fromstring(archive.read(name))):
                    invalid.append(name)

    assert invalid == []


def test_guidance_archive(tmp_path: Path) -> None:
    """A report of guidance is named as the rule says, reads back as written, and is valid where the schemas are at hand."""
    rng = Random(1)
    person = next(make_people(1, 2024, 2024, make_sites(400, rng), rng))
    path = write_guidance(tmp_path, person, date(2024, 7, 1))
    with ZipFile(path) as archive:
        documents = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist() if name.endswith(".xml")}
    (outcome,) = reports_in(path)

    assert sorted(name[:1] for name in documents) == ["g", "i"]
    assert (outcome.day, outcome.report_code, outcome.number) == (date(2024, 7, 1), "21", person.number)
    assert [(one.code, str(one.value)) for one in outcome.results] == [("1020000001", "2"), ("1042001031", "88.5")]
    if folder := os.environ.get("WARIFU_SCHEMAS"):
        for name, content in documents.items():
            schema = etree.XMLSchema(etree.parse(Path(folder) / f"{'ix08' if name.startswith('i') else 'hg08'}_V08.xsd"))
            assert schema.validate(etree.fromstring(content)), schema.error_log


def reports_in(path: Path) -> list[GuidanceRow]:
    """Return an archive's reports of guidance; anything else there is none of."""
    outcomes = list(checkup_xml.read(path))
    rows = [one.row for one in outcomes if isinstance(one, Accepted) and isinstance(one.row, GuidanceRow)]
    assert len(rows) == len(outcomes)
    return rows


def test_archive_layout(population: PopulationSummary) -> None:
    """Archive, folder and document names follow the rule; without schemas the schema folder says so."""
    path = population.archives[2025]
    with ZipFile(path) as archive:
        names = archive.namelist()

    assert path.name == "9910000018_06990019_202605150_1.zip"
    assert {name.split("/")[0] for name in names} == {path.stem}
    assert [name for name in names if "/DATA/" not in name] == [f"{path.stem}/XSD/README.txt", f"{path.stem}/ix08_V08.xml"]
    assert names[1].startswith(f"{path.stem}/DATA/h99100000")


def test_schemas_option(tmp_path: Path) -> None:
    """Schema files of the given folder are put into the archive as they are."""
    schemas = tmp_path / "schemas"
    (schemas / "core").mkdir(parents=True)
    (schemas / "core" / "x.xsd").write_text("<x/>")
    summary = write_population(tmp_path / "out", 5, (2024,), schemas=schemas)

    with ZipFile(summary.archives[2024]) as archive:
        assert [name.split("/", 1)[1] for name in archive.namelist() if "/XSD/" in name] == ["XSD/core/x.xsd"]


@settings(max_examples=8, deadline=None)
@example(members=9, seed=13310, year=2024)  # born after the household had left
@given(members=st.integers(1, 40), seed=st.integers(0, 2**32), year=st.integers(2024, 2030))
def test_any_population(tmp_path_factory: pytest.TempPathFactory, members: int, seed: int, year: int) -> None:
    """Populations of any size, seed and year are read back complete and without a report, but for archives nobody is in."""
    summary = write_population(tmp_path_factory.mktemp("any"), members, (year,), seed)

    eligibility, archive = rehearse(summary.eligibility), rehearse(summary.archives[year])

    assert (eligibility.accepted, eligibility.reports) == (members, ())
    assert archive.accepted == summary.checkups[year]
    assert set(archive.counts) <= (set() if archive.accepted else {"archive-empty"})


def test_levels_follow_the_rules(population: PopulationSummary, checkups: dict[int, list[CheckupRow]]) -> None:
    """The level in each document is what the rules give for the values that came out of it."""
    differing = [row for rows in checkups.values() for row in rows if row.report_code == "10" and levels(row) != decided(row)]

    assert population.members == MEMBERS
    assert len(differing) == 0


def levels(row: CheckupRow) -> tuple[object, object]:
    """Read the two judgements from the document."""
    told = {one.name: one.value for one in row.observations}
    return told["guidance-level"], told["metabolic-syndrome"]


def decided(row: CheckupRow) -> tuple[object, object]:
    """Judge the imported values anew; where blood pressure was taken twice the second counts."""
    values: dict[str, Decimal | str | None] = {}
    ends = {"above-range": "high", "below-range": "low"}
    for one in row.observations:
        value = getattr(by_code()[one.code], ends[one.status]) if one.status in ends else one.value
        if one.name is not None and one.method != "first":
            values[one.name] = value
        elif one.name is not None:
            values.setdefault(one.name, value)

    def number(name: str) -> Decimal | None:
        value = values.get(name)
        return value if isinstance(value, Decimal) else None

    found = Facts(
        sex=row.sex,
        age=row.fiscal_year + 1 - row.birth_date.year - ((row.birth_date.month, row.birth_date.day) > (3, 31)),
        waist=number("waist-circumference"),
        visceral_fat=number("visceral-fat-area"),
        bmi=number("body-mass-index"),
        systolic=number("systolic-blood-pressure"),
        diastolic=number("diastolic-blood-pressure"),
        triglycerides_fasting=number("triglycerides-fasting"),
        triglycerides_casual=number("triglycerides-casual"),
        hdl=number("hdl-cholesterol"),
        glucose_fasting=number("glucose-fasting"),
        hba1c=number("hba1c-ngsp"),
        glucose_casual=number("glucose-casual"),
        soon_after_meal=values["hours-since-meal"] == "4",
        smokes=values["smoking"] == "1",
        medication_pressure=values["medication-blood-pressure"] == "1",
        medication_glucose=values["medication-glucose"] == "1",
        medication_lipids=values["medication-lipids"] == "1",
    )
    return guidance_level(found), metabolic_syndrome(found)
