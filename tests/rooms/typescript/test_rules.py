"""The rules of health checkups in TypeScript agree with those in Python on whatever hypothesis thinks of."""

import importlib
import json
import sys
from decimal import Decimal
from typing import Any

from health import Facts, Observed, explain_guidance, explain_syndrome
from health.items import choices, items
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from libs.health.people import ANY
from rooms.typescript.test_typescript import HERE, run

CONTRACTS = HERE.parents[2] / "contracts"


def maker() -> Any:
    """Return the module that makes the vectors; it lies outside the packages."""
    sys.path.insert(0, str(CONTRACTS))
    try:
        return importlib.import_module("make_vectors.files.health")
    finally:
        sys.path.remove(str(CONTRACTS))


VECTORS = maker()
ONCE = (Phase.explicit, Phase.reuse, Phase.generate)
"""A failing example is shown as it was found: to make it smaller Node would be started hundreds of times."""
OBSERVED = st.one_of(
    st.builds(
        Observed,
        st.sampled_from([item.code for item in items() if item.kind == "PQ"]),
        st.decimals(0, 400, places=1),
    ),
    st.builds(
        Observed,
        st.sampled_from([item.code for item in items() if item.choices]),
        st.sampled_from(sorted({code for listed in choices().values() for code in listed} | {"99"})),
        system=st.none() | st.just("1.2.392.200119.6.2102"),
    ),
    st.builds(
        Observed,
        st.sampled_from([item.code for item in items()] + ["0" * 17]),
        absent=st.sampled_from(("not-performed", "not-measurable", "above-range", "below-range")),
    ),
)
YEARS = st.lists(st.lists(OBSERVED, max_size=40), min_size=1, max_size=4)


def normalised(value: Any) -> Any:
    """Return a value as JSON gives it back."""
    return json.loads(json.dumps(value))


@settings(max_examples=4, phases=ONCE)
@given(st.lists(ANY, min_size=60, max_size=60))
def test_decisions(people: list[Facts]) -> None:
    """Results, criteria, what is missing, alternatives, notes and sentences."""
    told = json.loads(run(HERE / "answers.mjs", facts=[VECTORS.told(one) for one in people]))["facts"]

    for said, found in zip(told, people, strict=True):
        level = explain_guidance(found)
        assert said["guidance"] == normalised(level and VECTORS.decision(level))
        assert said["syndrome"] == normalised(VECTORS.decision(explain_syndrome(found)))


@settings(max_examples=4, phases=ONCE)
@given(st.lists(st.tuples(YEARS, st.sampled_from(("male", "female", None)), st.integers(2022, 2031)), min_size=12, max_size=12))
def test_checkups(people: list[tuple[list[list[Observed]], Any, int]]) -> None:
    """Values, answers, letters, bands, normal ranges, changes and trends of several years."""
    asked = [
        {"sex": sex, "first_year": first, "observed": [[VECTORS.observed_as_json(one) for one in year] for year in years]}
        for years, sex, first in people
    ]
    told = json.loads(run(HERE / "answers.mjs", checkups=asked))["checkups"]

    for said, (years, sex, first) in zip(told, people, strict=True):
        assert said == normalised(VECTORS.views(years, sex, first))


def test_numbers_are_text() -> None:
    """What is told of facts holds no number that a reader could round."""
    told = VECTORS.told(Facts(sex=None, age=40, hba1c=Decimal("5.60")))

    assert told == {"age": 40, "hba1c": "5.60", "soon_after_meal": False}
