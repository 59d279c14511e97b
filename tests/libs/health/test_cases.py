"""The committed table of cases, the library and the twin say the same; so they do wherever values are missing."""

from itertools import product

from health import guidance_level, metabolic_syndrome

from libs.health import cases, twin

GRID = (
    ("waist", ("80.0", "95.0", "")),
    ("bmi", ("22.0", "27.0", "")),
    ("systolic", ("120", "135", "")),
    ("hdl", ("60", "35", "")),
    ("glucose_fasting", ("90", "105", "115", "")),
    ("smokes", ("no", "yes", "")),
    ("medication_pressure", ("no", "yes", "")),
    ("medication_glucose", ("no", "")),
    ("age", ("50", "70")),
)


def results(row: dict[str, str]) -> tuple[str, str]:
    facts = cases.facts_of(row)
    return guidance_level(facts) or "-", metabolic_syndrome(facts)


def test_table_is_the_twins() -> None:
    """The committed table is what the twin works out, with no case twice."""
    rows = cases.read()

    assert rows == cases.build()
    assert len({row["case"] for row in rows}) == len(rows) >= 200


def test_library_agrees_with_the_table() -> None:
    """Every case has the result of the table."""
    differing = {row["case"]: results(row) for row in cases.read() if results(row) != (row["guidance"], row["syndrome"])}

    assert differing == {}


def test_library_agrees_with_the_twin_over_a_grid() -> None:
    """Known or missing, every combination has the result that filling each gap with either extreme gives."""
    names = [name for name, _ in GRID]
    rows = (cases.CLEAR | dict(zip(names, values, strict=True)) for values in product(*(values for _, values in GRID)))
    differing = [row for row in rows if results(row) != (twin.guidance(row), twin.syndrome(row))]

    assert differing == []
