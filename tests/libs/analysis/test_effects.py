"""Effects, against least squares and weights on rows, against published data and statsmodels' numbers, and against plain loops."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, Literal, cast

import pyarrow.parquet as pq
import pytest
from analysis import ANALYST, MemberYear, Question, Refused
from analysis.__main__ import main
from analysis.arms import Arms, Class
from analysis.before_after import BeforeAfter
from analysis.effects import DifferenceInDifferences, Weighted
from analysis.engine import Engine
from analysis.estimates import Estimate, Shown, mean
from analysis.making import Limits
from analysis.tables import Comparison, Table, notes

from .ols import Row, as_printed, contrast, tenths
from .population import YEARS
from .worlds import engine

TRUE = replace(ANALYST, floor=1, rare=0, base=1, former=1, rate_floor=1)
"""What nobody is shown: true numbers, so that the arithmetic can be held against the rows."""
TITANIC = {
    ("first", 5, "female"): (1, 0), ("first", 5, "male"): (5, 0),
    ("first", 45, "female"): (140, 4), ("first", 45, "male"): (57, 118),
    ("second", 5, "female"): (13, 0), ("second", 5, "male"): (11, 0),
    ("second", 45, "female"): (80, 13), ("second", 45, "male"): (14, 154),
    ("third", 5, "female"): (14, 17), ("third", 5, "male"): (13, 35),
    ("third", 45, "female"): (76, 89), ("third", 45, "male"): (75, 387),
    ("crew", 45, "female"): (20, 3), ("crew", 45, "male"): (192, 670),
}  # fmt: skip
"""Who was on the Titanic (British Board of Trade, 1912): survived and not, by class, child or adult, and sex."""
WORK = {2074: (54, 185, 65, 260), 2075: (74, 185, 82, 260), 2078: (140, 185, 168, 260)}
"""Who had earnings in 1974, 1975 and 1978 in the National Supported Work trial (Lalonde 1986, sample of Dehejia and Wahba 1999):
those of the treated, the treated, those of the others, the others. Centuries are ours."""


def said(table: Table) -> dict[tuple[str, int], dict[str, Any]]:
    rows: list[dict[str, Any]] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return {(row["what"], row["year"]): row for row in rows}


def ends(row: dict[str, Any]) -> tuple[float, float, float]:
    return row["value"], row["low"], row["high"]


@pytest.fixture(scope="module")
def true(asked: Engine) -> Engine:
    return Engine(asked.snapshot, TRUE)


@pytest.fixture(scope="module")
def rows(asked: Engine) -> list[Row]:
    read = cast("list[Row]", pq.read_table(asked.snapshot.member_years).to_pylist())
    former = {row["person"]: row for row in read if row["fiscal_year"] == YEARS[0]}
    return [{**row, "liver": former.get(row["person"], {}).get("risk_liver")} for row in read]


def test_the_titanic(tmp_path: Path) -> None:
    """First class against all others, as it was and weighted by age and sex: what statsmodels 0.15 says of saturated models."""
    people = [
        MemberYear(b"", 2025, age, sex, "insured", name, {"smoking": lived})
        for (name, age, sex), numbers in TITANIC.items()
        for lived, number in zip(("yes", "no"), numbers, strict=True)
        for _ in range(number)
    ]
    asked = engine([replace(one, person=n.to_bytes(2)) for n, one in enumerate(people)], tmp_path, TRUE, Limits(fewest=1))
    to: tuple[Literal["treated", "both"], ...] = ("treated", "both")
    treated, both = (
        said(Weighted("smoking", Arms("workplace", "first"), 2025, ("age:stage", "sex"), one).told(asked)) for one in to
    )

    assert ends(treated["crude gap", 2025]) == (35.4, 29.7, 41.0)
    assert ends(treated["gap", 2025]) == (23.8, 19.0, 28.5)
    assert ends(both["gap", 2025]) == (19.6, 14.0, 25.2)
    assert [treated[what, 2025]["people"] for what in ("crude treated", "crude control", "covered")] == [325, 1876, 325]


def test_supported_work(tmp_path: Path) -> None:
    """Differences in differences and the test of trends before, as statsmodels 0.15 says of interactions with robust errors."""

    def members() -> Iterator[MemberYear]:
        for year, (worked, treated, others_worked, others) in WORK.items():
            for number in range(treated + others):
                place = number if number < treated else number - treated
                works = "yes" if place < (worked if number < treated else others_worked) else "no"
                name = "treated" if number < treated else "control"
                yield MemberYear(number.to_bytes(2), year, 45, "male", "insured", name, {"smoking": works})

    asked = engine(members(), tmp_path, TRUE, Limits(fewest=1))
    told = said(DifferenceInDifferences("smoking", Arms("workplace", "treated", "control"), 2075, 2078).told(asked))
    all_earlier = said(DifferenceInDifferences("smoking", Arms("workplace", "treated"), 2074, 2078).told(asked))

    assert ends(told["effect", 2078]) == (2.6, -9.8, 15.0)
    assert (told["pre-trend", 2075]["value"], told["pre-trend", 2075]["mark"]) == (0.498, "parallel")
    assert all_earlier["pre-trend", 2074]["mark"] == "not-known"
    assert [told["treated", year]["people"] for year in WORK] == [185] * 3


CASES: dict[str, tuple[Arms, Callable[[Row], bool | None]]] = {
    "two workplaces": (
        Arms("workplace", "harbour", "mill"),
        lambda row: {"harbour": True, "mill": False}.get(row["workplace"]),
    ),
    "a workplace and all others": (Arms("workplace", "quarry"), lambda row: row["workplace"] == "quarry"),
    "what people were in a year": (
        Arms(f"risk-liver@{YEARS[0]}", "yes", "no"),
        lambda row: None if row["liver"] is None else row["liver"] == "yes",
    ),
}


@pytest.mark.parametrize("case", list(CASES))
def test_differences_are_least_squares(true: Engine, rows: list[Row], case: str) -> None:
    """With true numbers the effect and its interval are those of an interaction on the rows, to the last digit."""
    arms, side = CASES[case]
    told = said(DifferenceInDifferences("smoking", arms, *YEARS).told(true))
    people = [(row, side(row), row["fiscal_year"] == YEARS[1]) for row in rows if row["smoking"] and side(row) is not None]
    design = [[1, bool(arm), later, bool(arm) and later] for _, arm, later in people]
    found = contrast([row["smoking"] == "yes" for row, _, _ in people], design, [0, 0, 0, 1])
    before = Counter(arm for _, arm, later in people if not later)

    assert ends(told["effect", YEARS[1]]) == as_printed(*found)
    assert [told[name, YEARS[0]]["people"] for name in ("treated", "control")] == [before[True], before[False]]


def test_differences_in_classes(true: Engine, rows: list[Row]) -> None:
    """In classes it is the saturated regression's, weighted as the treated were before; who is covered is counted."""
    chosen = ("age:stage", "sex")
    told = said(DifferenceInDifferences("smoking", Arms("workplace", "harbour", "mill"), *YEARS, chosen).told(true))
    people = [row for row in rows if row["smoking"] and row["age_stage"] and row["sex"] and row["workplace"] in {"harbour", "mill"}]
    cells = Counter((row["age_stage"], row["sex"], row["workplace"], row["fiscal_year"]) for row in people)
    both = [
        (stage, sex)
        for stage, sex in sorted({(row["age_stage"], row["sex"]) for row in people})
        if all(cells[stage, sex, name, year] for name in ("harbour", "mill") for year in YEARS)
    ]
    people = [row for row in people if (row["age_stage"], row["sex"]) in both]
    columns = list(product(both, ("harbour", "mill"), YEARS))
    design = [
        [float(((row["age_stage"], row["sex"]), row["workplace"], row["fiscal_year"]) == one) for one in columns] for row in people
    ]
    whole = sum(cells[(*one, "harbour", YEARS[0])] for one in both)
    signs = {("harbour", YEARS[1]): 1, ("harbour", YEARS[0]): -1, ("mill", YEARS[1]): -1, ("mill", YEARS[0]): 1}
    weights = [signs[name, year] * cells[(*one, "harbour", YEARS[0])] / whole for one, name, year in columns]
    asked = sum(row["smoking"] is not None and row["workplace"] == "harbour" and row["fiscal_year"] == YEARS[0] for row in rows)

    assert ends(told["effect", YEARS[1]]) == as_printed(*contrast([row["smoking"] == "yes" for row in people], design, weights))
    assert (told["covered", YEARS[0]]["people"], told["covered", YEARS[0]]["value"]) == (whole, tenths(100 * whole / asked))


@pytest.mark.parametrize("to", ["treated", "both"])
def test_weights_are_inverse_probabilities(true: Engine, rows: list[Row], to: Literal["treated", "both"]) -> None:
    """The weighted gap is that of each person's own weight, by how often people of their class are in their arm."""
    told = said(Weighted("healthy-sleep", Arms("smoking@2025", "yes", "no"), 2025, ("age:stage", "sex"), to).told(true))
    people = [
        row for row in rows if row["fiscal_year"] == 2025 and row["smoking"] and row["sleep"] and row["age_stage"] and row["sex"]
    ]
    smoke = Counter((row["age_stage"], row["sex"]) for row in people if row["smoking"] == "yes")
    all_of = Counter((row["age_stage"], row["sex"]) for row in people)
    sums = {arm: [0.0, 0.0] for arm in ("yes", "no")}
    for row in people:
        chance = smoke[row["age_stage"], row["sex"]] / all_of[row["age_stage"], row["sex"]]
        if 0 < chance < 1:
            odds = {"yes": 1.0, "no": chance / (1 - chance)} if to == "treated" else {"yes": 1 / chance, "no": 1 / (1 - chance)}
            sums[row["smoking"]][0] += odds[row["smoking"]] * (row["sleep"] == "good")
            sums[row["smoking"]][1] += odds[row["smoking"]]

    assert told["gap", 2025]["value"] == tenths(100 * (sums["yes"][0] / sums["yes"][1] - sums["no"][0] / sums["no"][1]))


def test_what_rounding_adds(asked: Engine) -> None:
    """All others are all less the treated: their rounding is counted once where it is shared, in fives and in tens."""
    told = said(DifferenceInDifferences("healthy-sleep", Arms("workplace", "mill"), *YEARS).told(asked))
    cells = {
        (cell.year, cell.levels): (float(cell.counted or 0), float(cell.people or 0))
        for by in ((), ("workplace",))
        for cell in asked.ask(Question("healthy-sleep", by=by)).cells
    }
    shown = [number for year in YEARS for levels in (("mill",), ()) for number in cells[year, levels]]

    def effect(n: list[float]) -> float:
        before, after = (a[0] / a[1] - (a[2] - a[0]) / (a[3] - a[1]) for a in (n[:4], n[4:]))
        return after - before

    steps = [effect([number + (k == place) for k, number in enumerate(shown)]) - effect(shown) for place in range(8)]
    groups = [(n[0], n[1]) for n in (shown[:4], shown[4:])] + [(n[2] - n[0], n[3] - n[1]) for n in (shown[:4], shown[4:])]
    chance = sum(counted / people * (1 - counted / people) / people for counted, people in groups)
    both = chance + 4 * sum(step**2 for step in steps)
    row = told["effect", YEARS[1]]

    assert (row["low"] + row["high"]) / 2 == pytest.approx(100 * effect(shown), abs=0.11)
    assert row["high"] - row["low"] == pytest.approx(200 * 1.96 * both**0.5, abs=0.11)
    assert row["rounding"] == pytest.approx(100 * 1.96 * (both**0.5 - chance**0.5), abs=0.06)


def test_weights_are_rounded_too() -> None:
    """A weighted mean moves with each shown number as a small step of it says, also with those that are weights."""
    values: dict[Class, float] = {("a",): 0.3, ("b",): 0.6}
    people: dict[Class, float] = {("a",): 120.0, ("b",): 80.0}

    def known(kind: str, numbers: dict[Class, float]) -> list[Estimate]:
        return [Estimate(Fraction(n), 0.0, {Shown(name, kind, former=False): 1.0}) for name, n in numbers.items()]

    def plain(values: dict[Class, float], people: dict[Class, float]) -> float:
        return sum(values[name] * people[name] for name in values) / sum(people.values())

    step = 1e-6
    moved = {(name, "value"): plain({**values, name: values[name] + step}, people) for name in values}
    moved |= {(name, "people"): plain(values, {**people, name: people[name] + step}) for name in people}
    found = mean(known("value", values), known("people", people))

    assert float(found.value) == pytest.approx(plain(values, people))
    assert {(shown.group, shown.kind): one for shown, one in found.depends.items()} == pytest.approx(
        {key: (new - plain(values, people)) / step for key, new in moved.items()}, rel=1e-4
    )


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Three years in which nothing happens but chance: each time other people have high glucose. One workplace drifts away."""
    chance = random.Random(5)

    def members() -> Iterator[MemberYear]:
        for number in range(1500):
            frail, name = chance.choice((0.1, 0.6)), chance.choice(("harbour", "mill"))
            for year in (2023, 2024, 2025):
                high = chance.random() < frail
                slept = chance.random() < (0.1 * (year - 2020) + 0.2 if name == "mill" else 0.4)
                said = {"risk-glucose": "yes" if high else "no", "sleep": "good" if slept else "poor"}
                yield MemberYear(number.to_bytes(2), year, 45, "male", "insured", name, said)

    return engine(members(), tmp_path_factory.mktemp("steady"))


def test_going_back_by_itself(steady: Engine) -> None:
    """Of whom it was high far fewer have it a year later, though nothing was done; the drift says so, and nothing is beyond it."""
    comparison = BeforeAfter("risk-glucose", 2024, 2025, (("risk-glucose@2024", "yes"),))
    told, true = (said(comparison.told(one)) for one in (steady, Engine(steady.snapshot, TRUE)))
    levels: dict[int, dict[int, str]] = {}
    for row in pq.read_table(steady.snapshot.member_years).to_pylist():
        levels.setdefault(row["person"], {})[row["fiscal_year"]] = row["risk_glucose"]

    def again(year: int) -> float:
        chosen = [one for one in levels.values() if one[year] == "yes"]
        return tenths(100 * sum(one[year + 1] == "yes" for one in chosen) / len(chosen) - 100)

    assert comparison.told(steady).notes == ("same-people", "regression-to-the-mean")
    assert (true["difference", 2025]["value"], true["drift", 2024]["value"]) == (again(2024), again(2023))
    assert true["before", 2024]["people"] == sum(one[2024] == "yes" for one in levels.values())
    assert (told["before", 2024]["value"], told["difference", 2025]["mark"], told["beyond", 2025]["mark"]) == (
        100,
        "differs",
        "alike",
    )
    assert told["difference", 2025]["value"] < -40


def test_no_drift_is_known(steady: Engine) -> None:
    """Where there are no earlier years the drift is empty; of a group that nobody's own level chose none, and no warning."""
    known = said(BeforeAfter("risk-glucose", 2023, 2025, (("risk-glucose@2023", "no"),)).told(steady))
    whole = BeforeAfter("risk-glucose", 2024, 2025, (("workplace", "mill"),)).told(steady)

    assert [known[what, year]["mark"] for what, year in (("before", 2023), ("drift", 2023), ("beyond", 2025))] == [
        "",
        "hidden",
        "hidden",
    ]
    assert known["before", 2023]["value"] == 0
    assert [row[0] for row in whole.rows] == ["before", "after", "difference"]
    assert whole.notes == ("same-people", "people-move")


def test_trends_that_were_not_parallel(steady: Engine) -> None:
    """Where an arm drifts away already before, it is said."""
    arms = Arms("workplace", "mill")
    drifting, still = (
        said(DifferenceInDifferences(name, arms, 2024, 2025).told(steady)) for name in ("healthy-sleep", "risk-glucose")
    )

    assert (drifting["pre-trend", 2024]["mark"], still["pre-trend", 2024]["mark"]) == ("not-parallel", "parallel")
    assert drifting["effect", 2025]["value"] > 0


def test_hidden_in_one_year(asked: Engine) -> None:
    """Where an arm is hidden in one of the years, in a class or on the whole, there is no effect, and nothing in its place."""
    comparisons: list[Comparison] = [
        DifferenceInDifferences("smoking", Arms("workplace", "kiosk"), *YEARS),
        DifferenceInDifferences("see-a-doctor-soon", Arms("workplace", "depot", "harbour"), *YEARS),
        DifferenceInDifferences("smoking", Arms("workplace", "depot", "harbour"), *YEARS, ("age", "sex")),
        Weighted("see-a-doctor", Arms("workplace", "depot", "harbour"), 2025, ("age", "sex")),
        BeforeAfter("see-a-doctor-soon", *YEARS, (("workplace", "depot"),)),
    ]
    last = {DifferenceInDifferences: "effect", Weighted: "gap", BeforeAfter: "difference"}
    told = [said(one.told(asked))[last[type(one)], 2025] for one in comparisons]

    assert [(row["value"], row["low"], row["mark"]) for row in told] == [(None, None, "hidden")] * len(comparisons)


def test_sums_have_no_interval(asked: Engine) -> None:
    """Costs are compared by what answers show of them, and it is not known how much they vary."""
    told = said(DifferenceInDifferences("cost-per-month", Arms("relation", "insured", "dependant"), *YEARS).told(asked))
    values = {(cell.year, cell.levels): cell.value or 0 for cell in asked.ask(Question("cost-per-month", by=("relation",))).cells}
    gaps = [values[year, ("insured",)] - values[year, ("dependant",)] for year in YEARS]

    assert (told["effect", 2025]["value"], told["effect", 2025]["low"], told["effect", 2025]["mark"]) == (
        gaps[1] - gaps[0],
        None,
        "",
    )
    assert told["pre-trend", 2024]["mark"] == "not-known"


ARMS, OWN = Arms("workplace", "mill"), Arms("smoking@2025", "yes", "no")
REFUSED = [
    (DifferenceInDifferences("smoking", ARMS, 2025, 2024), "not-comparable"),
    (DifferenceInDifferences("smoking", ARMS, 2024, 2026), "unknown-year"),
    (DifferenceInDifferences("smoking", Arms("smoking", "yes", "no"), *YEARS), "not-comparable"),
    (DifferenceInDifferences("smoking", Arms("smoking@2025", "yes"), *YEARS), "not-comparable"),
    (DifferenceInDifferences("smoking", Arms("sex", "male", "male"), *YEARS), "not-comparable"),
    (DifferenceInDifferences("smoking", Arms("sex", "male", "other"), *YEARS), "unknown-level"),
    (DifferenceInDifferences("smoking", Arms("sex@2024", "male", "female"), *YEARS), "unknown-variable"),
    (DifferenceInDifferences("smoking", Arms("shoe-size", "42", "43"), *YEARS), "unknown-variable"),
    (DifferenceInDifferences("smoking", replace(OWN, rung="smoking@1999"), *YEARS), "unknown-year"),
    (DifferenceInDifferences("smoking", ARMS, *YEARS, ("syndrome@2025",)), "too-many-attributes"),
    (DifferenceInDifferences("smoking", OWN, *YEARS, ("age", "sex", "relation")), "too-many-variables"),
    (DifferenceInDifferences("smoking", ARMS, *YEARS, (), (("syndrome", "present"),)), "not-comparable"),
    (DifferenceInDifferences("cost-per-month", ARMS, *YEARS), "not-comparable"),
    (Weighted("smoking", OWN, 2025, ()), "not-comparable"),
    (Weighted("smoking", OWN, 1999, ("age",)), "unknown-year"),
    (BeforeAfter("smoking", *YEARS, (("smoking", "yes"),)), "not-comparable"),
    (BeforeAfter("weight", *YEARS, ()), "unknown-measure"),
]


@pytest.mark.parametrize(("comparison", "reason"), REFUSED)
def test_refused(asked: Engine, comparison: Comparison, reason: str) -> None:
    """What is no comparison is refused by the question alone."""
    with pytest.raises(Refused) as refused:
        comparison.told(asked)

    assert refused.value.reason == reason


def test_what_must_be_said(asked: Engine) -> None:
    """Notes follow from what chooses people: the measure itself, something else of theirs, chance, or where they belong."""
    found = [
        DifferenceInDifferences("smoking", arms, *YEARS).told(asked).notes
        for arms in (OWN, Arms("syndrome@2024", "present", "absent"), Arms("participation-winter@2024", "regular", "none"), ARMS)
    ]

    assert found == [
        ("same-people", "regression-to-the-mean"),
        ("same-people", "chosen-by-own-level"),
        ("same-people", "told-by-chance"),
        ("same-people", "people-move"),
    ]
    assert {tuple(sorted(text)) for text in notes().values()} == {("en", "ja")}


def test_the_commands(asked: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command prints its table, and what must be read with it beside it."""
    shelf, both = ["--shelf", str(asked.snapshot.folder.parent)], ["--before", "2024", "--after", "2025"]
    commands: dict[tuple[str, ...], Comparison] = {
        ("before-after", "smoking", *shelf, *both, "--where", "smoking@2024=yes"): BeforeAfter(
            "smoking", *YEARS, (("smoking@2024", "yes"),)
        ),
        ("differences", "smoking", *shelf, *both, "--arm", "workplace=mill", "--class", "sex"): DifferenceInDifferences(
            "smoking", ARMS, *YEARS, ("sex",)
        ),
        (
            "weighted",
            "healthy-sleep",
            *shelf,
            "--year",
            "2025",
            "--arm",
            "smoking@2025=yes",
            "--against",
            "no",
            "--class",
            "sex",
        ): Weighted("healthy-sleep", OWN, 2025, ("sex",)),
    }
    for arguments, comparison in commands.items():
        table = comparison.told(asked)
        assert main(arguments) == 0
        assert capsys.readouterr() == (table.csv(), _lines(table.notes))


def _lines(names: Iterable[str]) -> str:
    return "".join(f"{name}: {notes()[name]['en']}\n" for name in names)
