"""Every question, against plain loops over the same rows."""

from typing import Any, cast

import pyarrow.parquet as pq
import pytest
from analysis import ANALYST, EMPLOYER, Question, measures, variables
from analysis.engine import Engine
from hypothesis import given, settings
from hypothesis import strategies as st

from . import twin
from .population import YEARS

Row = dict[str, Any]
Levels = dict[str, list[str]]
GROUPS = variables()["disease"].rungs[1].levels or ()
MEASURES = [*twin.SHARES, *twin.RATIOS]


@pytest.fixture(scope="module")
def rows(asked: Engine) -> list[Row]:
    return cast("list[Row]", pq.read_table(asked.snapshot.member_years).to_pylist())


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, list[str], list[str]]:
    """Draw a measure, rungs to tell apart by and rungs to choose by: as many variables as it may have, one of them an attribute."""
    measure = draw(st.sampled_from(MEASURES))
    most = 2 if measure in twin.RATIOS else 3
    drawn = draw(st.lists(st.sampled_from([*twin.POPULATION]), max_size=most, unique_by=lambda rung: rung.split(":")[0]))
    if len(drawn) < most:
        drawn += draw(st.lists(st.sampled_from([*twin.ATTRIBUTES]), max_size=1))
    split = draw(st.integers(0, len(drawn)))
    return measure, drawn[:split], drawn[split:]


@pytest.fixture(scope="module")
def levels(rows: list[Row]) -> Levels:
    return {rung: sorted({row[column] for row in rows} - {None}) for rung, column in twin.COLUMNS.items()}


def compare(asked: Engine, rows: list[Row], levels: Levels, measure: str, by: list[str], where: dict[str, str]) -> None:
    in_order = [rung for rung in twin.COLUMNS if rung in by]
    answer = asked.ask(Question(measure, 2025, tuple(by), tuple(where.items())))
    told = {cell.levels: (cell.people, cell.counted, cell.value, cell.mark) for cell in answer.cells}
    key = bytes.fromhex(asked.snapshot.manifest.rounding_key)
    expected = twin.told(rows, measure, twin.Asked(2025, in_order, where), [[*levels[rung], "unknown"] for rung in in_order], key)

    # A level that nobody has is asked about all the same, and hidden.
    hidden = (None, None, None, "hidden")
    assert {group: cell for group, cell in told.items() if group in expected} == expected
    assert {cell for group, cell in told.items() if group not in expected} <= {hidden}


@pytest.mark.parametrize("measure", MEASURES)
def test_each_measure(asked: Engine, rows: list[Row], levels: Levels, measure: str) -> None:
    """Of each measure every number is that of a plain loop, over all, by sex and age, and of smokers by workplace."""
    compare(asked, rows, levels, measure, [], {})
    compare(asked, rows, levels, measure, ["age:stage", "sex:sex"], {})
    compare(asked, rows, levels, measure, ["workplace:workplace"], {"smoking:smoking": "yes"})


@settings(max_examples=25, deadline=None)
@given(questions(), st.data())
def test_any_question(
    asked: Engine, rows: list[Row], levels: Levels, question: tuple[str, list[str], list[str]], data: st.DataObject
) -> None:
    """Whatever is asked within the caps has the numbers of a plain loop."""
    measure, by, chosen = question
    where = {rung: data.draw(st.sampled_from(levels[rung])) for rung in chosen}
    compare(asked, rows, levels, measure, by, where)


@pytest.mark.parametrize("measure", ["healthy-sleep", "checkup-rate", "cost-per-month"])
@pytest.mark.parametrize("year", YEARS)
def test_what_people_were(asked: Engine, rows: list[Row], levels: Levels, measure: str, year: int) -> None:
    """People by what they were in another year are who a plain loop finds, in tens; in the year itself it is what they are."""
    for rung, chosen in (("risk-liver:risk", {}), ("smoking:smoking", {"sex:sex": "male"})):
        named = f"{rung}@2024"
        answer = asked.ask(Question(measure, None, (named,), tuple(chosen.items())))
        told = {cell.levels: (cell.people, cell.counted, cell.value, cell.mark) for cell in answer.cells if cell.year == year}
        key = bytes.fromhex(asked.snapshot.manifest.rounding_key)
        plan = twin.Asked(year, [named], chosen)
        expected = twin.told(twin.with_former(rows, rung, 2024), measure, plan, [[*levels[rung], "unknown"]], key)
        itself = asked.ask(Question(measure, 2024, (rung,), tuple(chosen.items()))).cells

        assert told == expected
        assert [cell for cell in answer.cells if cell.year == 2024] == list(itself)
        assert asked.ask(Question(measure, 2024, (named,), tuple(chosen.items()))).cells == itself


def test_the_twin_knows_every_measure() -> None:
    """A measure without a twin would be asked about by nobody here."""
    assert set(measures()) == {*MEASURES, *twin.BY_DISEASE}


@pytest.fixture(scope="module")
def lines(asked: Engine) -> list[Row]:
    return cast("list[Row]", pq.read_table(asked.snapshot.disease_years).to_pylist())


@pytest.mark.parametrize("measure", twin.BY_DISEASE)
@pytest.mark.parametrize(
    ("by", "where"),
    [
        (["disease:class"], {}),
        (["disease:group"], {"sex:sex": "female"}),
        (["age:stage"], {"disease:class": "0901"}),
        (["workplace:workplace", "disease:group"], {}),
    ],
)
def test_diseases(
    asked: Engine, rows: list[Row], lines: list[Row], levels: Levels, measure: str, by: list[str], where: dict[str, str]
) -> None:
    """People treated, and what it cost, of every disease that ten people have, are those of plain loops."""
    named = {"disease:class": list(asked.snapshot.manifest.diseases), "disease:group": list(GROUPS)}
    every = [named[rung] if rung in named else [*levels[rung], "unknown"] for rung in by]
    answer = asked.ask(Question(measure, 2025, tuple(by), tuple(where.items())))
    told = {cell.levels: (cell.people, cell.counted, cell.value, cell.mark) for cell in answer.cells}
    key = bytes.fromhex(asked.snapshot.manifest.rounding_key)
    expected = twin.told_by_disease(rows, lines, measure, twin.Asked(2025, by, where), every, key)

    assert {group: cell for group, cell in told.items() if group in expected} == expected
    assert {cell for group, cell in told.items() if group not in expected} <= {(None, None, None, "hidden")}


def test_people_are_the_same_whatever_disease(asked: Engine) -> None:
    """How many people there are is said once, or asking about many diseases would average its rounding."""
    by_sex = {cell.levels: cell.people for cell in asked.ask(Question("disease-treated", 2025, ("sex", "disease:group"))).cells}
    whole = {cell.levels[0]: cell.people for cell in asked.ask(Question("cost-per-month", 2025, ("sex",))).cells}

    assert {(sex, people) for (sex, _), people in by_sex.items()} == set(whole.items())


def test_all_years(asked: Engine) -> None:
    """Without a year an answer has them all, each as it is alone: a trend."""
    every = asked.ask(Question("smoking", by=("sex",))).cells

    assert every == tuple(cell for year in YEARS for cell in asked.ask(Question("smoking", year, ("sex",))).cells)


def test_fifty_for_employers(asked: Engine) -> None:
    """What an employer sees is of fifty people at least, and says of them what an analyst sees."""
    employer = Engine(asked.snapshot, EMPLOYER)
    question = Question("smoking", 2025, ("workplace", "age:stage"))
    pairs = list(zip(employer.ask(question).cells, asked.ask(question).cells, strict=True))

    assert ANALYST.floor < EMPLOYER.floor
    assert {seen == said for seen, said in pairs if (said.people or 0) > 50} == {True}
    assert {seen.mark for seen, said in pairs if (said.people or 0) < 50} == {"hidden"}
    assert {seen.people for seen, said in pairs if (said.people or 0) < 50} == {None}
