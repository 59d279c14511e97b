"""Snapshots: whole or not there, and of everybody in blocks of ten."""

import json
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from analysis import MemberYear, SnapshotUnusable, newest, variables
from analysis.blocks import Cell, merged
from analysis.making import make_snapshot
from analysis.member_years import AMOUNTS, age_band
from analysis.snapshots import months
from hypothesis import given, settings
from hypothesis import strategies as st

from .population import YEARS, population

BANDS = variables()["age"].rungs[0].levels or ()
RELATIONS, SEXES = ("insured", "dependant"), ("male", "female")
CELLS = st.builds(Cell, st.sampled_from("abcd"), st.sampled_from(RELATIONS), st.sampled_from(SEXES), st.sampled_from(BANDS))
SMALL = population()[:1000]
COLUMNS = [rung.column for one in variables().values() if one.of == "population" for rung in one.rungs]


@pytest.fixture(scope="module")
def rows(made: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = pq.read_table(made / "member_year.parquet").to_pylist()
    return read


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(CELLS, st.integers(1, 30), max_size=40))
def test_populations_differ_by_ten(counts: dict[Cell, int]) -> None:
    """Blocks share nobody, have ten people or more, and leave nine out at most; so populations that levels name differ by ten."""
    blocks = merged(counts)
    people = [sum(counts[cell] for cell in block.cells) for block in blocks]
    named = {
        frozenset(number for number, block in enumerate(blocks) if block.levels[column] == level)
        for column in COLUMNS
        for level in {block.levels[column] for block in blocks}
    }
    named |= {one & other for one, other in combinations(named, 2)}
    differences = {sum(people[number] for number in one ^ other) for one, other in combinations(named, 2)}

    assert min(people, default=10) >= 10
    assert sum(counts.values()) - sum(people) < 10
    assert len({cell for block in blocks for cell in block.cells}) == sum(len(block.cells) for block in blocks)
    assert min(differences, default=10) >= 10


def test_levels_are_what_a_block_shares() -> None:
    """A large cell keeps its levels; small ones keep those on the rungs that all of them are on."""
    young, old, other = (Cell("mill", "insured", *rest) for rest in (("male", "20-29"), ("male", "30-39"), ("female", "30-39")))
    (mixed,) = merged({young: 5, old: 6})
    blocks = merged({young: 12, old: 4, other: 7})

    assert (mixed.levels["age_band"], mixed.levels["age_stage"], mixed.levels["sex"]) == (None, "0-39", "male")
    assert [block.levels["age_band"] for block in blocks] == ["30-39", "20-29"]
    assert (blocks[0].levels["sex"], blocks[0].levels["workplace"]) == (None, "mill")


def test_everybody_is_in_it_once(rows: list[dict[str, Any]]) -> None:
    """Every member-year is there with its values, on every rung the level it has or none, but for nine people at most."""
    by_values: defaultdict[tuple[object, ...], list[MemberYear]] = defaultdict(list)
    for one in population():
        by_values[one.fiscal_year, *(one.amounts[name] for name in AMOUNTS), one.attributes.get("smoking")].append(one)
    unlike = [row for row in rows if not any(_same(row, one) for one in by_values[_values(row)])]

    assert unlike == []
    assert [0 <= len(population()) / 2 - sum(row["fiscal_year"] == year for row in rows) < 10 for year in YEARS] == [True, True]


def test_people_are_followed_under_other_names(rows: list[dict[str, Any]]) -> None:
    """A person has one number in both years, which is neither the name nor the place in what was read."""
    years: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for row in rows:
        years[row["person"]][row["fiscal_year"]] = row["yen"]
    read: defaultdict[bytes, dict[int, float]] = defaultdict(dict)
    for one in population():
        read[one.person][one.fiscal_year] = one.amounts["yen"]
    pairs, expected = (Counter(tuple(sorted(costs.items())) for costs in found.values()) for found in (years, read))
    order = [[cost for year, cost in costs if year == YEARS[0]] for costs in (_costs(rows), _costs_read())]
    kept = sum(one == other for one, other in zip(*order, strict=False))

    assert sum((pairs - expected).values()) < 20
    assert kept < len(order[0]) / 2


def test_no_block_is_small(rows: list[dict[str, Any]], made: Path) -> None:
    """No block of any year has fewer than ten people, and the tiny workplace is named nowhere."""
    sizes = Counter((row["fiscal_year"], row["block"]) for row in rows)
    manifest = json.loads((made / "manifest.json").read_text())

    assert min(sizes.values()) >= 10
    assert sum(one.workplace == "kiosk" for one in population()) > 0
    assert "kiosk" not in manifest["workplaces"]
    assert "kiosk" not in {row["workplace"] for row in rows}


@pytest.mark.parametrize("file", ["member_year.parquet", "disease_year.parquet"])
def test_only_months_and_numbers(made: Path, file: str) -> None:
    """No column holds a name, a day, a birth year or an age."""
    schema = pq.read_schema(made / file)
    kinds = {str(field.type).split("<")[0] for field in schema}

    assert kinds == {"int32", "int16", "dictionary", "double"}
    assert set(schema.names) & {"token", "birth_year", "age", "exam_date", "month", "claim"} == set()
    assert {path.stat().st_mode & 0o077 for path in (made, made / file)} == {0}


def test_diseases_of_ten(made: Path, rows: list[dict[str, Any]]) -> None:
    """A class that nine people have is in its group alone; a row is a person's year and class, or group, in their block."""
    lines: list[dict[str, Any]] = pq.read_table(made / "disease_year.parquet").to_pylist()
    levels = Counter((line["fiscal_year"], line["disease_class"], line["disease_group"]) for line in lines)
    people = Counter((line["person"], line["fiscal_year"], line["disease_class"], line["disease_group"]) for line in lines)
    blocks = {(row["person"], row["fiscal_year"]): row["block"] for row in rows}
    rare = {one.person for one in population() if any(disease.number == "0208" for disease in one.diseases)}
    yen = {
        year: sum(
            yen
            for one in population()
            if one.fiscal_year == year
            for disease, yen in one.diseases.items()
            if disease.number == "0901"
        )
        for year in YEARS
    }

    assert 0 < len(rare) < 10
    assert min(levels.values()) >= 10
    assert {name for _, name, _ in levels if name} == {"0901", "0902", "0402", "0504"}
    assert {None in key[1:] and key[1:] != (None, None) for key in levels} == {True}
    assert max(people.values()) == 1
    assert {blocks[line["person"], line["fiscal_year"]] == line["block"] for line in lines} == {True}
    for year, expected in yen.items():
        said = sum(line["yen"] for line in lines if line["fiscal_year"] == year and line["disease_class"] == "0901")
        assert 0.99 * expected < said <= expected


def test_never_changed(tmp_path: Path) -> None:
    """A month that is there is not made again; a later one takes its place as the newest."""
    make_snapshot(SMALL, tmp_path, "2026-11")
    with pytest.raises(SnapshotUnusable):
        make_snapshot(SMALL, tmp_path, "2026-11")
    make_snapshot(SMALL, tmp_path, "2026-12")

    assert (newest(tmp_path).month, list(months(tmp_path))) == ("2026-12", ["2026-12", "2026-11"])


def test_half_made_is_not_there(tmp_path: Path) -> None:
    """What stops in the middle is no snapshot, and the next attempt begins anew."""

    def torn() -> Iterator[MemberYear]:
        yield from SMALL[:500]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        make_snapshot(torn(), tmp_path, "2026-11")
    with pytest.raises(SnapshotUnusable):
        newest(tmp_path)
    make_snapshot(SMALL, tmp_path, "2026-11")

    assert sorted(path.name for path in tmp_path.iterdir()) == [".builder", ".rounding-key", "2026-11"]


def test_a_disk_without_nameless_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files cannot be without a name (O_TMPFILE) they stay in memory until they are whole, and are the same."""
    shelves = [tmp_path / "knows", tmp_path / "does-not"]
    make_snapshot(SMALL, shelves[0], "2026-11")
    # So the folder itself is opened for writing, which no system does.
    monkeypatch.setattr(os, "O_TMPFILE", 0)
    make_snapshot(SMALL, shelves[1], "2026-11")
    made = [newest(shelf) for shelf in shelves]
    yen = [sorted(pq.read_table(one.member_years)["yen"].to_pylist()) for one in made]

    assert yen[0] == yen[1]
    assert len(yen[1]) > 900


def test_one_at_a_time(tmp_path: Path) -> None:
    """While one is being made another is refused, and does no harm to it."""

    def meanwhile() -> Iterator[MemberYear]:
        with pytest.raises(SnapshotUnusable):
            make_snapshot(SMALL, tmp_path, "2026-12")
        yield from SMALL

    make_snapshot(meanwhile(), tmp_path, "2026-11")

    assert newest(tmp_path).month == "2026-11"


def test_too_few_people(tmp_path: Path) -> None:
    """Nine people are no snapshot."""
    with pytest.raises(SnapshotUnusable):
        make_snapshot(population()[:18], tmp_path, "2026-11")


@pytest.mark.parametrize("file", ["manifest.json", "member_year.parquet", "disease_year.parquet"])
def test_changed_files_are_refused(made: Path, tmp_path: Path, file: str) -> None:
    """A file that is not the one that was written is not read."""
    copy = tmp_path / "2026-11"
    copy.mkdir()
    for path in made.iterdir():
        (copy / path.name).write_bytes(path.read_bytes()[:-2] if path.name == file else path.read_bytes())
    with pytest.raises(SnapshotUnusable):
        newest(tmp_path)


@pytest.mark.parametrize("changes", [{"format": 2}, {"format": 4}, {"definitions": {"variables": "0" * 64}}], ids=str)
def test_another_version_is_not_read(made: Path, tmp_path: Path, changes: dict[str, Any]) -> None:
    """A snapshot that is whole, of another form or of variables that meant something else, is refused with what to do."""
    copy = tmp_path / "2026-11"
    shutil.copytree(made, copy)
    manifest = json.loads((copy / "manifest.json").read_bytes())
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    same = newest(tmp_path).month
    (copy / "manifest.json").write_text(json.dumps({**manifest, **changes}), encoding="utf-8")
    with pytest.raises(SnapshotUnusable, match="is of another version; make a new snapshot"):
        newest(tmp_path)

    assert same == "2026-11"


def _values(row: dict[str, Any]) -> tuple[object, ...]:
    return row["fiscal_year"], *(row[name] for name in AMOUNTS), row["smoking"]


def _same(row: dict[str, Any], one: MemberYear) -> bool:
    ages = variables()["age"].climb(age_band(one.age))
    levels = dict(zip(COLUMNS, (*ages, one.sex, one.relation, one.workplace), strict=True))
    return all(row[column] in (None, level) for column, level in levels.items())


def _costs(rows: list[dict[str, Any]]) -> list[tuple[int, float]]:
    return [(row["fiscal_year"], row["yen"]) for row in rows]


def _costs_read() -> list[tuple[int, float]]:
    return [(one.fiscal_year, one.amounts["yen"]) for one in population()]
