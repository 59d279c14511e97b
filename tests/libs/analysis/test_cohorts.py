"""Cohorts: what may be one, whom it holds, and that populations differ by ten also with them."""

from itertools import combinations, pairwise

import pyarrow.parquet as pq
import pytest
from analysis import ANALYST, EMPLOYER, Question, Refused, variables
from analysis.blocks import Block, Cell, merged
from analysis.cohorts import Among, Cohort, Conditions, admit, conditions
from analysis.engine import Engine
from analysis.errors import CohortRefused
from hypothesis import given, settings
from hypothesis import strategies as st

MILLS, PORTS = ("mill", "quarry"), ("harbour", "depot")
CELLS = st.builds(
    Cell,
    st.sampled_from(("mill", "quarry", "depot")),
    st.sampled_from(("insured", "dependant")),
    st.sampled_from(("male", "female")),
    st.sampled_from(("30-39", "40-49", "50-59", "60-64")),
)
POPULATION = {name: one for name, one in variables().items() if one.of == "population"}
LISTS: dict[str, tuple[str, ...]] = {name: one.rungs[0].levels or ("mill", "quarry", "depot") for name, one in POPULATION.items()}


def cohort(*among: tuple[str, tuple[str, ...]]) -> Cohort:
    return Cohort("some:1", among)


def holds(wanted: Conditions, block: Block) -> bool:
    return all(any(block.levels[rung.column] in levels for rung, levels in condition) for condition in wanted)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(CELLS, st.integers(1, 30), max_size=40),
    st.lists(st.fixed_dictionaries({}, optional={n: st.lists(st.sampled_from(LISTS[n]), min_size=1) for n in LISTS}), max_size=4),
)
def test_populations_differ_by_ten(counts: dict[Cell, int], lists: list[dict[str, list[str]]]) -> None:
    """Whatever lists of levels name, two populations differ by nobody or by ten people at least."""
    blocks = merged(counts)
    people = [sum(counts[cell] for cell in block.cells) for block in blocks]
    wanted = [conditions(cohort(*((name, tuple(levels)) for name, levels in one.items()))) for one in lists]
    named = {frozenset(number for number, block in enumerate(blocks) if holds(one, block)) for one in wanted}
    named |= {
        frozenset(number for number, block in enumerate(blocks) if block.levels[rung.column] == level)
        for one in POPULATION.values()
        for rung in one.rungs
        for level in {block.levels[rung.column] for block in blocks}
    }
    differences = {sum(people[number] for number in one ^ other) for one, other in combinations(named, 2)}

    assert min(differences, default=10) >= 10


@pytest.mark.parametrize(
    ("among", "reason"),
    [
        ((("smoking", ("yes", "no")),), "not-a-population"),
        ((("workplace", MILLS), ("risk-glucose", ("yes",))), "not-a-population"),
        ((("disease", ("0901", "0902")),), "not-a-population"),
        ((("weight", ("high",)),), "unknown-variable"),
        ((("age:decade", ("40-49",)),), "unknown-variable"),
        ((("smoking@2024", ("yes",)),), "unknown-variable"),
        ((("age", ("40-49", "41-50")),), "unknown-level"),
        ((("workplace", ()),), "unknown-level"),
        ((("workplace", MILLS), ("workplace", PORTS)), "variable-twice"),
        ((("age:band", ("0-9", "10-19")), ("age:stage", ("75+",))), "variable-twice"),
        ((), "not-a-cohort"),
        ((("sex", ("male",)), ("age:stage", ("40-64",))), "not-a-cohort"),
        ((("age", ("40-49", "50-59", "60-64")), ("sex", ("male", "female"))), "not-a-cohort"),
        ((("workplace", ("mill", "mill")),), "not-a-cohort"),
    ],
)
def test_what_is_none(among: Among, reason: str) -> None:
    """A cohort names population variables, once each, and joins levels that no question can name together."""
    with pytest.raises(CohortRefused) as refused:
        admit(cohort(*among), [])

    assert refused.value.reason == reason


def test_few_overlap() -> None:
    """A fourth cohort that could hold the same people is refused, and the same definition under another name; others are not."""
    there = [cohort(("workplace", pair)) for pair in (("mill", "quarry"), ("mill", "depot"), ("mill", "harbour"))]
    young, old = (("workplace", ("kiosk", "office")), ("age:stage", ("0-39", "40-64"))), (("age:stage", ("65-74", "75+")),)
    for number, one in enumerate(there):
        admit(one, there[:number])
    refused = []
    for one in (cohort(("workplace", ("mill", "kiosk"))), cohort(("sex", ("male",)), ("workplace", ("mill", "port")))):
        with pytest.raises(CohortRefused) as error:
            admit(one, there)
        refused.append(error.value.reason)
    with pytest.raises(CohortRefused, match="known"):
        admit(Cohort("others:1", (("workplace", ("quarry", "mill")),)), there)
    admit(cohort(*young), [*there, cohort(*old)])

    assert refused == ["overlaps", "overlaps"]


def test_whom_it_holds(asked: Engine) -> None:
    """Everybody whose levels are all among those named, in larger steps; the same people by another rung are the same numbers."""
    wanted = cohort(("workplace", (*MILLS, "nowhere")), ("age:stage", ("40-64", "65-74")))
    by_band = cohort(("age:band", ("65-74", "60-64", "50-59", "40-49")), ("workplace", MILLS))
    answer = asked.ask(Question("smoking", 2025, cohort=wanted))
    rows = pq.read_table(asked.snapshot.member_years).to_pylist()
    people = [row for row in rows if row["fiscal_year"] == 2025 and row["workplace"] in MILLS and row["age_guidance"] == "40-74"]
    smokers = [row["smoking"] for row in people if row["smoking"]]

    assert answer == asked.ask(Question("smoking", 2025, cohort=by_band))
    assert (answer.cohort, answer.by, answer.where) == ("some:1", (), ())
    assert answer.csv().startswith("snapshot,measure,version,cohort,year,people")
    (cell,) = answer.cells
    assert cell.people is not None
    assert cell.counted is not None
    assert (cell.people % 15, cell.counted % 15) == (0, 0)
    assert (abs(cell.people - len(smokers)) < 15, abs(cell.counted - smokers.count("yes")) < 15) == (True, True)


def test_two_names_of_one_workplace(asked: Engine) -> None:
    """A list whose other workplaces are not there, or too small, has one answer, whichever they are."""
    lists = [("mill", "nowhere"), ("mill", "kiosk"), ("mill", "never", "nobody")]
    answers = [asked.ask(Question("smoking", None, cohort=cohort(("workplace", names)))) for names in lists]
    nobody = asked.ask(Question("smoking", None, cohort=cohort(("workplace", ("nowhere", "kiosk")))))

    assert all(one == other for one, other in pairwise(answers))
    assert {cell.mark for cell in nobody.cells} == {"hidden"}


def test_nothing_beside_it(asked: Engine) -> None:
    """A question of a cohort tells people apart by nothing, and asks for nobody else."""
    for more in ({"by": ("sex",)}, {"where": (("smoking", "yes"),)}, {"by": ("smoking@2024",)}):
        with pytest.raises(Refused, match="cohort-alone"):
            asked.ask(Question("smoking", 2025, **more, cohort=cohort(("workplace", MILLS))))
    with pytest.raises(Refused, match="unknown-cohort"):
        asked.ask(Question("smoking", 2025, cohort=cohort(("smoking", ("yes",)))))


def test_fifty_people(asked: Engine) -> None:
    """Nothing is said of a cohort of fewer than fifty."""
    small = cohort(("workplace", ("depot", "nowhere")), ("age", ("75+",)))
    shown = [Engine(asked.snapshot, policy).ask(Question("portal-use", None, cohort=small)) for policy in (ANALYST, EMPLOYER)]

    assert [{cell.people for cell in answer.cells} for answer in shown] == [{None}, {None}]


def test_costs(asked: Engine) -> None:
    """Sums are rounded in steps three times as large, and leave a value of three digits."""
    (cell,) = asked.ask(Question("cost-per-month", 2025, cohort=cohort(("workplace", PORTS)))).cells

    assert (cell.people is not None and cell.people % 15, cell.value is not None) == (0, True)
