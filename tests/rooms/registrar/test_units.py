"""Roster units: none of fewer than ten, whatever the insurer's departments look like."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registrar.errors import RegistrarError
from registrar.units import merged, read_units

_names = st.sampled_from(["a", "b", "c"])
_paths = st.lists(_names, min_size=1, max_size=3).map(tuple)


@given(st.lists(_paths, max_size=90))
def test_nobody_is_in_a_unit_of_fewer_than_ten(paths: list[tuple[str, ...]]) -> None:
    """Everybody is in their own unit or one above it, or in the smallest other one that had to take a remainder in."""
    units = merged(dict(enumerate(paths)))
    sizes = Counter(units.values())

    assert set(units) == (set(range(len(paths))) if len(paths) >= 10 else set())
    assert all(size >= 10 for size in sizes.values())
    assert all(unit == paths[at][: len(unit)] or unit == () for at, unit in units.items())


def test_large_departments_stay_and_small_ones_join_their_site() -> None:
    """Two large departments are units; two small ones of a site are one together; a lonely site joins the smallest unit."""
    paths = {
        **{f"d{at}": ("横浜", "開発") for at in range(12)},
        **{f"s{at}": ("横浜", "営業") for at in range(4)},
        **{f"g{at}": ("横浜", "総務") for at in range(7)},
        **{f"k{at}": ("神戸",) for at in range(30)},
        **{f"n{at}": ("名古屋",) for at in range(3)},
    }
    units = merged(paths)

    assert Counter(units.values()) == {("横浜", "開発"): 12, (): 14, ("神戸",): 30}
    assert units["s0"] == units["g0"] == units["n0"] == ()


def test_a_remainder_of_the_whole_insurer_takes_a_department_in() -> None:
    """Where no site is a unit, the smallest department joins those who are left over."""
    units = merged({**{f"d{at}": ("横浜", "開発") for at in range(12)}, **{f"n{at}": ("名古屋",) for at in range(3)}})

    assert Counter(units.values()) == {(): 15}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1,,00", "line 2: cells-mismatch"),
        ("x/y,,00,横浜", "line 2: member-number-bad"),
        ("1,101,00, / ", "line 2: unit-missing"),
        ("1,101,00,横浜\n1,101,00,神戸", "line 3: member-repeated"),
    ],
)
def test_a_table_that_cannot_be_read(tmp_path: Path, line: str, code: str) -> None:
    """A wrong line ends it, with its number and without what stands there."""
    path = tmp_path / "units.csv"
    path.write_text(f"番号,記号,枝番,所属\n{line}\n", encoding="utf-8")
    with pytest.raises(RegistrarError, match=code):
        read_units(path, "06990019")


def test_a_table(tmp_path: Path) -> None:
    """Names from the site down, separated by a slash."""
    path = tmp_path / "units.csv"
    path.write_text("番号,記号,枝番,所属\n1,101,00,横浜 / 開発\n2,101,00,神戸\n", encoding="utf-8")

    assert sorted(read_units(path, "06990019").values()) == [("横浜", "開発"), ("神戸",)]
