"""Invented receipts, and the writer that the importer must agree with."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol.messages.screenings import SCREENINGS
from registrar.importers import Accepted, EligibilityRow, ReceiptRow, Rejected, find, rehearse
from registrar.importers.eligibility_csv import read as read_members
from registrar.importers.prices_csv import read as read_prices
from registrar.importers.receipt_rows import Diagnosis, Entry, Identifying, PublicPayer, ReceiptKind, ReceiptText
from registrar.importers.receipt_types import insured_of, is_inpatient, known_type
from registrar.importers.receipt_uke import read
from registrar.importers.rows import Institution
from registrar.importers.screenings_csv import read as read_screenings
from registrar.importers.text import fold
from registrar.population import PopulationSummary, write_population
from registrar.population.people import Person, make_people
from registrar.population.receipt_file import write_receipts
from registrar.population.receipts import KINDS, month_of, months
from registrar.population.sites import make_sites
from rooms.registrar.receipts import reports, rows

MEMBERS = 300


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> PopulationSummary:
    """Write a small population with a year's receipts."""
    return write_population(tmp_path_factory.mktemp("population"), MEMBERS, (2024,), receipts=True)


@pytest.fixture(scope="module")
def receipts(population: PopulationSummary) -> list[ReceiptRow]:
    """Return all its receipts as the importer reads them."""
    return [row for path in population.receipts for row in rows(path)]


def test_off_by_default(tmp_path: Path) -> None:
    """Without the parameter nothing is written, and with it everything else stays the same."""
    plain, more = write_population(tmp_path / "a", 40, (2024,)), write_population(tmp_path / "b", 40, (2024,), receipts=True)

    assert (plain.receipts, sorted(path.name for path in (tmp_path / "a").rglob("*.UKE"))) == ({}, [])
    assert plain.eligibility.read_bytes() == more.eligibility.read_bytes()
    assert plain.archives[2024].read_bytes() == more.archives[2024].read_bytes()


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """The seed decides everything."""
    made = [write_population(tmp_path / name, 40, (2024,), seed, receipts=True) for name, seed in (("a", 1), ("b", 1), ("c", 2))]
    first, again, other = ([path.read_bytes() for path in sorted(one.receipts)] for one in made)

    assert (first == again, first == other) == (True, False)


def test_read_back_without_a_report(population: PopulationSummary, receipts: list[ReceiptRow]) -> None:
    """Every file is recognised, whole, and holds what the summary says; institutions of all kinds are in it."""
    assert {find(path).name for path in population.receipts} == {"receipts-uke"}  # type: ignore[union-attr]  # or the test fails here
    assert [report for path in population.receipts for report in reports(path)] == []
    assert {path: len(rows(path)) for path in population.receipts} == population.receipts
    assert {row.kind for row in receipts} == set(KINDS)
    assert {path.name for path in population.receipts} >= {"RECEIPTC-202405.UKE", "RECEIPTY-202504.UKE"}


def test_screenings(population: PopulationSummary) -> None:
    """The table is read without a report; women alone have two of the screenings, and nobody one before its age."""
    assert population.screenings is not None
    outcomes = list(read_screenings(population.screenings))
    taken = [one.row for one in outcomes if isinstance(one, Accepted)]
    people = {one.row.member: one.row for one in read_members(population.eligibility) if isinstance(one, Accepted)}
    youngest = {kind: min(2024 - people[one.member].birth_date.year for one in taken if one.kind == kind) for kind in SCREENINGS}

    assert (len(taken) > 100, len(taken) == len(outcomes)) == (True, True)
    assert {people[one.member].sex for one in taken if one.kind in {"breast", "cervix"}} == {"female"}
    assert [age + 1 >= offered for age, offered in zip(youngest.values(), (50, 40, 40, 40, 20), strict=True)] == [True] * 5


def test_same_rows(tmp_path: Path) -> None:
    """What was invented is what the importer reads, field by field."""
    people = people_of(150)
    for kind in KINDS:
        made = [row for month in months(2024) for row in month_of(people, month, 7) if row.kind == kind]
        write_receipts(tmp_path / kind, made)

        assert rows(tmp_path / kind) == made


def test_guidance_and_prices(population: PopulationSummary, receipts: list[ReceiptRow]) -> None:
    """Beside receipts there is a report of a member's guidance, and a table that has every drug and cheaper generics of it."""
    assert population.guidance is not None
    assert population.prices is not None
    reports = [one for path in (population.guidance, population.prices) for one in rehearse(path).reports]
    found = [one.row for one in read_prices(population.prices) if isinstance(one, Accepted)]
    brands = {row.code: row for row in found if not row.generic}
    cheapest = {row.family: row.price for row in sorted(found, key=lambda row: -row.price)}

    assert (rehearse(population.guidance).accepted, reports) == (1, [])
    assert {entry.code for row in receipts for entry in row.entries if entry.kind == "drug"} <= brands.keys()
    assert [row.code for row in brands.values() if cheapest[row.family] >= row.price] == []


def test_everybody_is_a_member(population: PopulationSummary, receipts: list[ReceiptRow]) -> None:
    """Each receipt is some member's, with the birth date, sex and name of the eligibility table, in a month of membership."""
    found = (one.row for one in read_members(population.eligibility) if isinstance(one, Accepted))
    members: dict[tuple[str, str, str | None], EligibilityRow] = {(row.symbol, row.number, row.branch): row for row in found}
    odd = []
    for row in receipts:
        member = members[row.symbol, row.number, row.branch]
        same = (member.birth_date, member.sex) == (row.birth_date, row.sex) and row.kana_name in ("", member.kana_name)
        if not (same and member.acquired <= row.claim_month and (member.lost is None or row.claim_month < member.lost)):
            odd.append(row.key)

    assert len(odd) == 0


def test_versions_have_keys(receipts: list[ReceiptRow]) -> None:
    """No two receipts have the same key."""
    assert len({row.key for row in receipts}) == len(receipts)


def test_plausible(receipts: list[ReceiptRow]) -> None:
    """A few receipts a person and year, mostly outpatient, pharmacies after clinics, few stays; points of a usual size."""
    kinds = Counter(row.kind for row in receipts)
    visits = [row for row in receipts if row.kind == "medical" and not row.inpatient]
    stays = [row for row in receipts if row.inpatient]
    measured = {
        "receipts a person": (len(receipts) / MEMBERS, 3, 14),
        "pharmacy receipts a visit": (kinds["pharmacy"] / len(visits), 0.5, 0.9),
        "dental receipts a person": (kinds["dental"] / MEMBERS, 0.5, 1.6),
        "stays a person": (len(stays) / MEMBERS, 0.005, 0.12),
        "points a visit": (sum(row.points for row in visits) / len(visits), 200, 1200),
        "points a stay": (sum(row.points for row in stays) / len(stays), 9_000, 40_000),
        "visits with drugs": (sum(any(one.kind == "drug" for one in row.entries) for row in visits) / len(visits), 0.1, 0.45),
    }

    assert {name: value for name, (value, low, high) in measured.items() if not low <= value <= high} == {}


def people_of(members: int) -> list[Person]:
    rng = Random(3)
    return list(make_people(members, 2024, 2024, make_sites(members, rng), rng))


WORDS = st.text(
    st.characters(codec="cp932", exclude_characters=",¢£¬‖−〜", exclude_categories=["Cc", "Zl", "Zp"]), max_size=12
).map(str.strip)
FOLDED = st.text("アイウヤマダ架空ABC19- ", max_size=12).map(fold)
DIGITS = st.text("0123456789", min_size=9, max_size=9)
SMALL = st.integers(0, 10**6)
DAYS = st.dates(date(1990, 1, 1), date(2024, 6, 30))
QUANTITY = st.none() | st.decimals(Decimal(0), Decimal(9999), places=3).map(lambda number: Decimal(f"{number:f}"))


@st.composite
def receipt(draw: st.DrawFn) -> ReceiptRow:
    """Any medical or DPC receipt that the format can say."""
    group = draw(st.none() | st.just("060100xx01xx0x"))
    code = draw(st.sampled_from([code for at in range(1000, 1200) if known_type(code := f"{at}")]))
    diagnoses = draw(
        st.lists(
            st.builds(
                Diagnosis,
                code=st.sampled_from(("4019014", "8851725")),
                modifiers=st.lists(st.sampled_from(("8002", "8070")), max_size=3).map(tuple),
                start=DAYS,
                outcome=st.none() | st.sampled_from("1234"),
                main=st.booleans(),
            ),
            max_size=3,
        )
    )
    entries = draw(st.lists(entry(), max_size=4))
    section: str | None = None
    for at, one in enumerate(entries):
        section = one.section or section
        entries[at] = replace(one, section=section)
    texts = [ReceiptText("supplement", None, at, words) for at in range(len(diagnoses)) if (words := draw(WORDS))]
    texts += [
        ReceiptText("comment", draw(DIGITS), at, draw(WORDS)) for at in range(len(entries)) for _ in range(draw(st.integers(0, 3)))
    ]
    texts += [ReceiptText("comment", draw(DIGITS), None, draw(WORDS)) for _ in range(draw(st.integers(0, 2)))]
    texts += [ReceiptText("narrative", draw(st.none() | st.just("01")), None, draw(WORDS))]
    public = draw(
        st.lists(st.builds(PublicPayer, st.just("83990011"), st.none() | SMALL, st.none() | SMALL, st.none() | SMALL), max_size=4)
    )
    return ReceiptRow(
        insurer_number="06990019",
        symbol=draw(FOLDED),
        number=str(draw(st.integers(1, 10**7))),
        branch=draw(st.none() | st.sampled_from(("00", "01", "7"))),
        birth_date=draw(DAYS),
        sex=draw(st.sampled_from(("male", "female"))),
        kana_name=draw(FOLDED),
        claim_month=date(2024, 7, 1),
        billing_month=date(2024, 8, 1),
        kind="dpc" if group else "medical",
        receipt_type=code,
        inpatient=is_inpatient(code),
        insured=insured_of(code),
        days=draw(SMALL),
        points=draw(SMALL),
        own_payment=draw(st.none() | SMALL),
        public_payers=tuple(public),
        diagnosis_group=group,
        diagnoses=tuple(diagnoses),
        entries=tuple(entries),
        identifying=Identifying(
            institution=Institution("9910000001", draw(WORDS) or None),
            receipt_number=draw(SMALL),
            search_number=draw(st.none() | DIGITS),
            written_name=draw(WORDS),
            chart_number=draw(WORDS) or None,
            recipients=tuple(draw(st.sampled_from(("", "1234567"))) for _ in public),
            texts=tuple(texts),
        ),
    )


@st.composite
def entry(draw: st.DrawFn) -> Entry:
    """Any act, drug or material, with days of July."""
    kind = draw(st.sampled_from(("act", "drug", "material")))
    material = kind == "material"
    days = draw(st.dictionaries(st.integers(1, 31), st.integers(1, 99), max_size=5))
    return Entry(
        kind=kind,  # type: ignore[arg-type]  # one of its three words
        section=draw(st.none() | st.sampled_from(("12", "60"))),
        payers=draw(st.none() | st.sampled_from("1A")),
        code=draw(DIGITS),
        quantity=draw(QUANTITY),
        points=draw(st.none() | SMALL),
        times=draw(st.none() | SMALL),
        days=tuple(sorted(days.items())),
        unit=draw(st.none() | st.just("013")) if material else None,
        unit_price=draw(QUANTITY) if material else None,
    )


@settings(max_examples=60, deadline=None)
@given(made=st.lists(receipt(), max_size=3))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, made: list[ReceiptRow]) -> None:
    """Whatever the format can say is read as it was written, by institution and month, without a report."""
    path = tmp_path_factory.mktemp("any") / "x"
    ordered = sorted(made, key=lambda row: row.identifying.institution.name or "")
    write_receipts(path, ordered)
    outcomes = list(read(path)) if ordered else []

    assert [one for one in outcomes if isinstance(one, Rejected)] == []
    assert [one.row for one in outcomes if isinstance(one, Accepted)] == ordered


def test_kinds_have_files() -> None:
    """Every kind of receipt has a file of its own."""
    kinds: tuple[ReceiptKind, ...] = ("medical", "dpc", "dental", "pharmacy")

    assert kinds == KINDS
