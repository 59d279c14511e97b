"""Trends, funnels and references, against regressions on rows, plain loops, and what answers show."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet as pq
import pytest
from analysis import ANALYST, Question, Refused
from analysis.__main__ import main
from analysis.engine import Engine
from analysis.errors import ReferenceUnusable
from analysis.estimates import chi_square_above
from analysis.funnels import FunnelAsked, _funnel, funnels
from analysis.references import Beside, Elsewhere, Reference, read_values
from analysis.tables import Comparison, Table, notes
from analysis.trends import Trend

from .ols import Row, as_printed, contrast, tenths
from .population import YEARS

TRUE = replace(ANALYST, floor=1, rare=0, base=1, rate_floor=1)
"""What nobody is shown: true numbers, so that the arithmetic can be held against the rows."""
ELSEWHERE = Reference(
    "invented",
    ("sex", "age:stage"),
    tuple(Elsewhere((sex, "40-64"), Fraction(value)) for sex, value in (("male", 30), ("female", 20))),
)


@pytest.fixture(scope="module")
def true(asked: Engine) -> Engine:
    return Engine(asked.snapshot, TRUE)


@pytest.fixture(scope="module")
def rows(asked: Engine) -> list[Row]:
    return cast("list[Row]", pq.read_table(asked.snapshot.member_years).to_pylist())


def entries(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_a_trend_is_a_regression(true: Engine, rows: list[Row]) -> None:
    """With true numbers the difference of two years is that of least squares on the rows, to the last digit, as is its interval."""
    told = entries(Trend("smoking", ("sex",)).told(true))
    for sex in ("male", "female"):
        people = [row for row in rows if row["sex"] == sex and row["smoking"]]
        found = contrast(
            [row["smoking"] == "yes" for row in people], [[1, row["fiscal_year"] == YEARS[1]] for row in people], [0, 1]
        )
        (difference,) = [one for one in told if (one["sex:sex"], one["year"]) == (sex, YEARS[1])]
        assert (difference["difference"], difference["low"], difference["high"]) == as_printed(*found)
        assert (difference["rounding"], difference["people"]) == (0, sum(row["fiscal_year"] == YEARS[1] for row in people))


def test_what_rounding_adds(asked: Engine) -> None:
    """The interval is as wide as chance and rounding make it, by steps of each shown number; so is what rounding adds."""
    pair = (
        asked.ask(Question("healthy-sleep", None, ("sex",))).cells[0],
        asked.ask(Question("healthy-sleep", None, ("sex",))).cells[3],
    )
    shown = [number for cell in pair for number in (cell.counted or 0, cell.people or 0)]

    def difference(numbers: Sequence[float]) -> float:
        return numbers[2] / numbers[3] - numbers[0] / numbers[1]

    steps = [difference([number + (k == place) for k, number in enumerate(shown)]) - difference(shown) for place in range(4)]
    chance = sum(counted / people * (1 - counted / people) / people for counted, people in (shown[:2], shown[2:]))
    both = chance + sum(step**2 for step in steps) * sum((5 * (r % 5 > k) - r) ** 2 for r in range(5) for k in range(5)) / 25
    (told,) = [
        one for one in entries(Trend("healthy-sleep", ("sex",)).told(asked)) if (one["sex:sex"], one["year"]) == ("male", YEARS[1])
    ]

    assert told["high"] - told["low"] == pytest.approx(200 * 1.96 * both**0.5, abs=0.11)
    assert told["rounding"] == pytest.approx(100 * 1.96 * (both**0.5 - chance**0.5), abs=0.06)


def test_marks_of_a_trend(asked: Engine) -> None:
    """The first year has none before it, what is hidden has no difference, and sums have one without an interval."""
    told = {
        (one["workplace:workplace"], one["year"]): one
        for one in entries(Trend("healthy-exercise", ("workplace",), (("age:stage", "65-74"),)).told(asked))
    }
    costs = entries(Trend("cost-per-month", ("sex",)).told(asked))[1]
    values = [cell.value for cell in asked.ask(Question("cost-per-month", None, (), (("sex", "male"),))).cells]

    assert {told[name, YEARS[0]]["mark"] for name in ("harbour", "depot")} == {"first"}
    assert (told["harbour", YEARS[1]]["mark"], told["depot", YEARS[1]]["mark"]) == ("alike", "hidden")
    assert (told["depot", YEARS[1]]["value"], told["depot", YEARS[1]]["difference"]) == (None, None)
    assert (costs["difference"], costs["low"], costs["mark"]) == ((values[1] or 0) - (values[0] or 0), None, "")


def test_a_difference_that_is_one(true: Engine) -> None:
    """What is far from the reference is said to differ, in its class and of all."""
    far = replace(ELSEWHERE, values=(Elsewhere(("male", "40-64"), Fraction(90)),))

    assert [one["mark"] for one in entries(Beside("smoking", 2025, far).told(true))] == ["differs", "differs"]
    assert {one["mark"] for one in entries(Beside("smoking", 2025, ELSEWHERE).told(true))} & {"alike", "differs"}


@pytest.mark.parametrize("name", list(funnels()))
def test_each_funnel(true: Engine, rows: list[Row], name: str) -> None:
    """Each step counts whom plain loops count, each by the one before and the first; none is larger than the one before."""
    told = entries(FunnelAsked(name, 2025).told(true))
    people = [one["people"] for one in told]
    year = [row for row in rows if row["fiscal_year"] == 2025]
    expected = [sum(step(row) for row in year) for step in STEPS[name]]

    assert people == expected
    assert all(after <= before for before, after in pairwise(people))
    assert [one["of_before"] for one in told] == [
        tenths(Fraction(100 * n, d)) for n, d in zip(people, [people[0], *people], strict=False)
    ]
    assert [one["of_first"] for one in told] == [tenths(Fraction(100 * n, people[0])) for n in people]


STEPS: dict[str, list[Callable[[Row], bool]]] = {
    "guidance": [
        lambda row: row["guidance_level_level"] is not None,
        lambda row: row["guidance_level_level"] in {"active", "motivational"},
        lambda row: row["guidance_level_target"] == "target" and row["guidance"] in {"begun", "completed"},
        lambda row: row["guidance_level_target"] == "target" and row["guidance"] == "completed",
    ],
    "see-a-doctor": [
        lambda row: row["urgency"] is not None,
        lambda row: row["urgency"] in {"first", "second"},
        lambda row: row["doctor_10_months"] is not None,
        lambda row: row["doctor_10_months"] == "yes",
    ],
}


def test_a_funnel_by_groups(asked: Engine) -> None:
    """Each group has all steps, as answers show them; what is hidden is empty, and what is divided by few is not divided."""
    told = entries(FunnelAsked("guidance", 2025, ("workplace",)).told(asked))
    begun = asked.ask(Question("guidance-begun", 2025, ("workplace",))).cells
    third = [one for one in told if one["step"] == 3]

    assert [one["people"] for one in third] == [cell.counted for cell in begun]
    assert {one["mark"] for one in third if one["people"] is None} == {"hidden"}
    assert [one["of_before"] is None for one in third] == [cell.counted is None or (cell.people or 0) < 50 for cell in begun]


def test_steps_must_narrow() -> None:
    """A sequence in which a step is not about some of the people of the one before, or about yen, is no funnel."""
    steps = [{"measure": name, "part": part, "title": {}} for name, part in (("smoking", "counted"), ("guidance-rate", "people"))]
    with pytest.raises(ValueError, match="guidance-rate"):
        _funnel("odd", {"version": 1, "title": {}, "steps": steps})
    with pytest.raises(ValueError, match="cost-per-month: a step counts people"):
        _funnel("odd", {"version": 1, "title": {}, "steps": [{"measure": "cost-per-month", "part": "people", "title": {}}]})


def test_beside_a_reference(true: Engine, rows: list[Row]) -> None:
    """Differences and their intervals are those of the rows, also of all at their own composition."""
    told = entries(Beside("smoking", 2025, ELSEWHERE).told(true))
    people = [row for row in rows if row["fiscal_year"] == 2025 and row["age_stage"] == "40-64" and row["sex"] and row["smoking"]]
    for one, (sex, value) in zip(told, (("male", 30), ("female", 20)), strict=False):
        own = [row["smoking"] == "yes" for row in people if row["sex"] == sex]
        level, error = contrast(own, [[1]] * len(own), [1])
        assert (one["difference"], one["low"], one["high"]) == as_printed(level - value / 100, error)
        assert (one["ratio"], one["people"]) == (tenths(Fraction(100 * 100 * sum(own), len(own) * value)), len(own))
    smokers, men = sum(row["smoking"] == "yes" for row in people), sum(row["sex"] == "male" for row in people)
    expected = Fraction(30 * men + 20 * (len(people) - men), len(people))

    assert (told[2]["people"], told[2]["reference"]) == (len(people), tenths(expected))
    assert told[2]["difference"] == tenths(Fraction(100 * smokers, len(people)) - expected)


def test_references_hide_what_answers_hide(asked: Engine) -> None:
    """A class of which the count is hidden is empty, and so is the row of all; a workplace that is not there is like a rare one."""
    small = Reference(
        "invented", ("workplace", "sex"), tuple(Elsewhere((name, "male"), Fraction(25)) for name in ("depot", "harbour"))
    )
    rare = Reference("invented", ("workplace",), tuple(Elsewhere((name,), Fraction(25)) for name in ("kiosk", "nowhere")))
    told, few = (entries(Beside("smoking", 2025, one, (("age:stage", "40-64"),)).told(asked)) for one in (small, rare))
    (own,) = [
        cell
        for cell in asked.ask(Question("smoking", 2025, ("sex", "workplace"), (("age:stage", "40-64"),))).cells
        if cell.levels == ("male", "harbour")
    ]

    assert [one["mark"] == "hidden" for one in told] == [True, False, True]
    assert (told[1]["people"], told[1]["value"], told[1]["sex:sex"]) == (own.people, own.value, "male")
    assert [one["mark"] for one in few] == ["hidden"] * 3


def test_beside_what_people_were(asked: Engine) -> None:
    """A reference may be of people by what they were in a year."""
    for year in YEARS:
        reference = Reference("invented", (f"smoking@{year}",), (Elsewhere(("no",), Fraction(40)),))
        ((level, people, value, *_), _) = Beside("healthy-sleep", 2025, reference).told(asked).rows
        (_, cell, _) = asked.ask(Question("healthy-sleep", 2025, (f"smoking@{year}",))).cells

        assert (level, people, value) == ("no", cell.people, cell.value)


def test_a_file_of_a_reference(tmp_path: Path) -> None:
    """A file names its source, rungs and values; any other is refused by its name alone."""
    file, odd = tmp_path / "own.toml", tmp_path / "odd.toml"
    file.write_text('source = "invented"\nby = ["sex"]\n[[values]]\nlevels = ["male"]\nvalue = 27.1\n', encoding="utf-8")
    odd.write_text('source = "invented"\nvalues = 3\n', encoding="utf-8")
    with pytest.raises(ReferenceUnusable, match="odd"):
        read_values(odd)

    assert read_values(file) == Reference("invented", ("sex",), (Elsewhere(("male",), Fraction(271, 10)),))


REFUSED = [
    (FunnelAsked("sales", 2025), "unknown-funnel"),
    (FunnelAsked("guidance", 1999), "unknown-year"),
    (Trend("smoking", ("age", "sex", "relation", "workplace")), "too-many-variables"),
    (Beside("smoking", 2025, replace(ELSEWHERE, values=())), "not-comparable"),
    (Beside("smoking", 2025, replace(ELSEWHERE, values=ELSEWHERE.values * 2)), "not-comparable"),
    (Beside("smoking", 2025, replace(ELSEWHERE, by=("sex",))), "not-comparable"),
    (Beside("smoking", 2025, Reference("", ("sex",), (Elsewhere(("other",), Fraction(1)),))), "unknown-level"),
]


@pytest.mark.parametrize(("comparison", "reason"), REFUSED)
def test_refused(asked: Engine, comparison: Trend | FunnelAsked | Beside, reason: str) -> None:
    """What cannot be compared is refused by the question alone."""
    with pytest.raises(Refused) as refused:
        comparison.told(asked)

    assert refused.value.reason == reason


def test_the_commands(asked: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command prints its table, notes beside it; what is registered is listed."""
    file = tmp_path / "own.toml"
    file.write_text('source = "invented"\nby = ["sex"]\n[[values]]\nlevels = ["male"]\nvalue = 27.1\n', encoding="utf-8")
    shelf = ["--shelf", str(asked.snapshot.folder.parent)]
    commands: dict[tuple[str, ...], Comparison] = {
        ("trend", "smoking", *shelf, "--by", "sex"): Trend("smoking", ("sex",)),
        ("funnel", "guidance", *shelf, "--year", "2025"): FunnelAsked("guidance", 2025),
        ("beside", "smoking", *shelf, "--year", "2025", "--reference", str(file)): Beside("smoking", 2025, read_values(file)),
    }
    for arguments, comparison in commands.items():
        table = comparison.told(asked)
        assert main(arguments) == 0
        assert capsys.readouterr() == (table.csv(), "".join(f"{name}: {notes()[name]['en']}\n" for name in table.notes))
    done, printed = main(["funnels"]), capsys.readouterr().out

    assert (done, [name for name in funnels() if name not in printed]) == (0, [])


@pytest.mark.parametrize(
    ("statistic", "freedom", "above"),
    [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (7.814728, 3, 0.05), (9.487729, 4, 0.05), (13.815511, 2, 0.001)],
)
def test_chi_square(statistic: float, freedom: int, above: float) -> None:
    """The published upper points."""
    assert chi_square_above(statistic, freedom) == pytest.approx(above, abs=1e-6)
