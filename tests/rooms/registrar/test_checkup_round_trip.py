"""Any results of the 4th term that the item table allows: written as a document, read back the same."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from health.items import CHOICE_ROOT, Item, choices, items
from hypothesis import given, settings
from hypothesis import strategies as st
from registrar.importers import Accepted, CheckupRow, Observation
from registrar.importers.checkup_xml import read
from registrar.importers.terms import FOURTH
from registrar.importers.text import fiscal_year, fold
from registrar.population.document import render
from registrar.population.exam import LABORATORIES, Exam, Laboratory
from registrar.population.people import Person, make_people
from registrar.population.results import Result
from registrar.population.sites import make_sites
from rooms.registrar.samples import archive

STATUS = {"NI": "not-measurable", "PINF": "above-range", "NINF": "below-range"}
WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=100).filter(
    lambda words: fold(words) != "" and len(fold(words)) <= 1000
)


def values(item: Item) -> st.SearchStrategy[str]:
    """Anything the item's table row allows, as it would be written."""
    if item.kind == "PQ":
        assert item.low is not None
        assert item.high is not None
        scale = 10**item.decimals
        steps = st.integers(int(item.low * scale), int(item.high * scale))
        return steps.map(lambda step: str(Decimal(step).scaleb(-item.decimals)))
    if item.kind == "ST":
        return WORDS
    return st.sampled_from(sorted(choices()[item.choices[0]]))


@st.composite
def results(draw: st.DrawFn) -> Result:
    """One result of any item of the term."""
    item = draw(st.sampled_from([one for one in items() if FOURTH.has(one)]))
    form = draw(st.sampled_from(["value", "value", "value", "negated", "NI", "PINF", "NINF"]))
    if form == "negated":
        return Result(item, negated=True)
    if form != "value":
        return Result(item, null=form)
    interpretation = draw(st.sampled_from([None, "H", "L", "N"]))
    return Result(item, draw(values(item)), interpretation=interpretation)


@dataclass(frozen=True)
class Expected:
    """What the importer must say of one result."""

    code: str
    name: str | None
    method: str | None
    status: str
    value: Decimal | str | None
    unit: str | None
    code_system: str | None
    interpretation: str | None
    grouped: bool
    reason: bool


def expected(result: Result) -> Expected:
    """Say what a result must become."""
    item = result.item
    measured = not result.negated and result.null is None
    value = Decimal(result.value) if measured and item.kind == "PQ" else fold(result.value) if measured else None
    return Expected(
        code=item.code,
        name=item.name,
        method=item.method,
        status="not-done" if result.negated else STATUS[result.null] if result.null else "measured",
        value=value,
        unit=item.unit if measured else None,
        code_system=CHOICE_ROOT + item.choices[0] if measured and item.choices else None,
        interpretation=result.interpretation,
        grouped=item.group is not None,
        reason=item.relation in ("RSON", "RSON1"),
    )


def actual(one: Observation) -> Expected:
    """Say the same of an observation."""
    return Expected(
        code=one.code,
        name=one.name,
        method=one.method,
        status=one.status,
        value=one.value,
        unit=one.unit,
        code_system=one.code_system,
        interpretation=one.interpretation,
        grouped=one.group is not None,
        reason=one.reason,
    )


def person(seed: int) -> Person:
    """Somebody invented."""
    rng = Random(seed)
    return next(make_people(1, 2024, 2024, make_sites(400, rng), rng))


@settings(max_examples=80, deadline=None)
@given(
    found=st.lists(results(), max_size=30),
    seed=st.integers(0, 1000),
    day=st.dates(date(2024, 4, 1), date(2031, 3, 31)),
    laboratory=st.sampled_from(LABORATORIES),
)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, found: list[Result], seed: int, day: date, laboratory: Laboratory
) -> None:
    """Header and results survive writing and reading, text apart from the rest."""
    who = person(seed)
    exam = Exam(laboratory, day, "010", "10", tuple(found))
    path = archive(tmp_path_factory.mktemp("trip") / "a.zip", [render(who, exam, day)])

    (outcome,) = read(path)

    assert isinstance(outcome, Accepted)
    row = outcome.row
    assert isinstance(row, CheckupRow)
    assert (row.insurer_number, row.symbol, row.number, row.branch) == (who.insurer_number, who.symbol, who.number, who.branch)
    assert (row.qualification, row.kana_name, row.birth_date) == (who.qualification, fold(who.kana_name), who.birth)
    assert (row.sex, row.exam_date, row.fiscal_year) == ("male" if who.male else "female", day, fiscal_year(day))
    assert (row.institution.number, row.institution.name) == (exam.laboratory.number, exam.laboratory.name)
    assert [actual(one) for one in row.observations] == [expected(one) for one in found if not one.item.identifying]
    assert [actual(one) for one in row.details] == [expected(one) for one in found if one.item.identifying]
