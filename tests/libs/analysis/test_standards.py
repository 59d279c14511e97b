"""Standardised rates, against plain sums over rows, and against what answers show."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from analysis import ANALYST, Refused
from analysis.engine import Engine
from analysis.standards import read_reference, standardise

TRUE = replace(ANALYST, floor=1, rare=0, base=1, rate_floor=1)
"""What nobody is shown: true numbers, so that the arithmetic can be held against plain sums."""


def plain(rows: list[dict[str, Any]], level: str) -> tuple[Fraction, Fraction]:
    """Return the directly standardised rate of smokers and the ratio to what is expected."""
    asked = [row for row in rows if row["fiscal_year"] == 2025 and row["smoking"] is not None]
    named = [row for row in asked if row["age_stage"] and row["sex"]]
    everybody = Counter((row["age_stage"], row["sex"]) for row in named)
    smoke = Counter((row["age_stage"], row["sex"]) for row in named if row["smoking"] == "yes")
    own = Counter((row["age_stage"], row["sex"]) for row in named if row["workplace"] == level)
    own_smoke = Counter((row["age_stage"], row["sex"]) for row in named if row["workplace"] == level and row["smoking"] == "yes")
    model = {"0-39": 10395 + 11764 + 13134 + 14504, "40-64": 15874 + 17244 + 9135, "65-74": 17138, "75+": 16131}
    none = Fraction(0)
    direct = sum((Fraction(own_smoke[one], own[one]) * model[one[0]] for one in everybody), none) / (2 * sum(model.values()))
    expected = sum((Fraction(smoke[one], everybody[one]) * own[one] for one in everybody), none)
    counted = sum(row["smoking"] == "yes" for row in asked if row["workplace"] == level)
    return 100 * direct, 100 * counted / expected


def test_the_arithmetic(asked: Engine) -> None:
    """With true numbers both are what plain sums give, to the last digit that is shown."""
    rows: list[dict[str, Any]] = pq.read_table(asked.snapshot.member_years).to_pylist()
    found = {one.level: one for one in standardise(Engine(asked.snapshot, TRUE), "smoking", 2025, "workplace", read_reference())}

    for level in ("harbour", "mill"):
        direct, indirect = plain(rows, level)
        assert (found[level].direct, found[level].indirect) == (_tenths(direct), _tenths(indirect))


def test_what_is_hidden_is_not_used(asked: Engine) -> None:
    """What half of the people do can be compared of a large workplace, what few do in one of its classes by the ratio alone."""
    smoking, exercise = (
        {one.level: one for one in standardise(asked, measure, 2025, "workplace", read_reference())}
        for measure in ("smoking", "healthy-exercise")
    )

    assert 40 < (exercise["harbour"].direct or 0) < 60
    assert (smoking["harbour"].direct, exercise["depot"].direct, exercise["depot"].indirect) == (None, None, None)
    assert 80 < (smoking["harbour"].indirect or 0) < 120
    assert list(exercise) == list(asked.snapshot.manifest.workplaces)


def test_only_shares_of_few_variables(asked: Engine) -> None:
    """Sums are not standardised, and nothing is compared by age itself."""
    with pytest.raises(Refused) as sums:
        standardise(asked, "cost-per-month", 2025, "workplace", read_reference())
    with pytest.raises(Refused) as by_age:
        standardise(asked, "smoking", 2025, "age", read_reference())

    assert (sums.value.reason, by_age.value.reason) == ("unknown-measure", "variable-twice")


def test_the_model_population() -> None:
    """The reference has both sexes alike and all of the published 125,319 thousand people."""
    reference = read_reference()

    assert sum(reference.values()) == 2 * 125_319
    assert {reference[stage, "male"] - reference[stage, "female"] for stage, _ in reference} == {0}


def test_a_reference_of_ones_own(tmp_path: Path) -> None:
    """A file names people by band, and by sex where it likes."""
    file = tmp_path / "own.toml"
    file.write_text('[people]\n"40-49" = { male = 3, female = 1 }\n"50-59" = 2\n', encoding="utf-8")

    assert read_reference(file) == {("40-64", "male"): 5, ("40-64", "female"): 3}


def _tenths(value: Fraction) -> float:
    return float((10 * value + Fraction(1, 2)).__floor__()) / 10
