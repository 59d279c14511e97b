"""From month to month: a block's people change by ten or not at all, and who agreed no more is in none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from analysis import MemberYear, SnapshotUnusable, newest
from analysis.blocks import FEWEST, Cell
from analysis.carrying import Release, Rows, release
from analysis.making import make_snapshot
from analysis.rosters import NOTHING, Memory, roster_key
from hypothesis import given, settings
from hypothesis import strategies as st

from .population import population

YEAR = 2025
CELLS = tuple(Cell(place, "insured", sex, "40-49") for place in ("mill", "quarry") for sex in ("female", "male"))
Where = Mapping[int, int]
"""Of each person in a month's rows the cell."""
People = frozenset[int]
MOVES = st.lists(st.sampled_from([None, 0, 0, 1, 1, 2, 3]), min_size=60, max_size=60)
MONTHS = st.lists(MOVES, min_size=2, max_size=4)


def shown(where: Where, memory: Memory, least: int = 10) -> tuple[Release, dict[tuple[Cell, ...], People]]:
    """Return a month's release, and who is in its blocks."""
    people, cells = list(where), [(YEAR, cell) for cell in CELLS]
    numbers = np.arange(len(people)), np.array([where[one] for one in people], np.int64)
    found = release(Rows([bytes([one]) for one in people], cells, *numbers), memory, FEWEST, least)
    blocks = [
        (block.cells, frozenset(people[row] for row in found.row[found.block == number]))
        for number, (_, block) in enumerate(found.blocks)
    ]
    return found, dict(blocks)


def sums(blocks: Iterable[People]) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Return how often whatever can be added up of these counts each person, a row a sum."""
    found = np.zeros((1, 60), np.int8)
    for people in blocks:
        found = np.concatenate([found, found + np.isin(np.arange(60), list(people)).astype(np.int8)])
    return found


@settings(max_examples=100, deadline=None, derandomize=True)
@given(MONTHS)
def test_months_differ_by_ten(months: list[list[int | None]]) -> None:
    """Whatever is added up of what was last shown, and of what is shown now, differs by nobody or by ten, in blocks of ten.

    Who is in no row of a month is in no block of it, and their name is remembered no longer. Nobody here comes back.
    """
    memory, last = NOTHING, dict[tuple[Cell, ...], People]()
    for month in zip(*(_onward(path) for path in zip(*months, strict=True)), strict=True):
        there = {one: cell for one, cell in enumerate(month) if cell is not None}
        found, blocks = shown(there, memory)
        differences = np.abs(sums(last.values())[:, None] - sums(blocks.values())[None]).sum(axis=2)

        assert differences[differences > 0].min(initial=10) >= 10
        assert min(map(len, blocks.values()), default=10) >= 10
        assert set(chain.from_iterable(blocks.values())) | {name[0] for name in found.memory.names} <= set(there)
        fresh = set(chain.from_iterable(blocks))
        last = {cells: people for cells, people in last.items() if not fresh & set(cells)} | blocks
        memory = found.memory


@pytest.mark.parametrize(
    ("entered", "left", "withdrew", "expected"),
    [
        (9, 0, 0, [*range(30)]),
        (10, 0, 0, [*range(30), *range(40, 50)]),
        (0, 9, 0, [*range(30)]),
        (0, 10, 0, [*range(20)]),
        (4, 5, 0, [*range(30)]),
        (5, 5, 0, [*range(25), *range(40, 45)]),
        (0, 0, 1, []),
        (4, 4, 1, []),
        (4, 5, 1, [*range(24), *range(40, 44)]),
        (0, 0, 10, [*range(20)]),
    ],
)
def test_a_block_over_two_months(entered: int, left: int, withdrew: int, expected: Sequence[int]) -> None:
    """Who enters waits, who leaves stays, and who withdraws takes the block along, until ten did one of these."""
    before = dict.fromkeys(range(30), 0)
    after = {**before, **dict.fromkeys(range(40, 40 + entered), 0), **dict.fromkeys(range(30 - left, 30), 2)}
    after = {one: cell for one, cell in after.items() if not 30 - left - withdrew <= one < 30 - left}
    _, blocks = shown(after, shown(before, NOTHING)[0].memory)

    assert sorted(blocks.get(CELLS[:1], frozenset())) == list(expected)


def test_changes_of_months_add_up() -> None:
    """A withheld block comes back, and a held one changes, when ten people in all came or went since it was last shown."""
    memory, sizes = NOTHING, []
    for staying, entered in ((30, 0), (29, 0), (29, 8), (29, 9), (29, 12)):
        found, blocks = shown(dict.fromkeys([*range(staying), *range(40, 40 + entered)], 0), memory)
        sizes.append(len(blocks.get(CELLS[:1], ())))
        memory = found.memory

    assert sizes == [30, 0, 0, 38, 38]


def test_exchanges_do_not_hide_one() -> None:
    """Ten who go from one block to another change both; the one who comes along is seen in neither, nor in both together."""
    before = dict.fromkeys(range(30), 0) | dict.fromkeys(range(30, 60), 1)
    _, blocks = shown(before | dict.fromkeys(range(10), 1) | {60: 1}, shown(before, NOTHING)[0].memory)

    assert 60 not in set(chain.from_iterable(blocks.values()))


def test_the_rule_can_be_switched_off() -> None:
    """Without it everybody is shown where they are now."""
    before, after = dict.fromkeys(range(30), 0), dict.fromkeys(range(29), 0)
    _, blocks = shown(after, shown(before, NOTHING)[0].memory, least=0)

    assert blocks == {CELLS[:1]: frozenset(after)}


def test_snapshots_remember(tmp_path: Path) -> None:
    """The next snapshot of a shelf keeps the blocks of the last, under new numbers; what is remembered is the builder's alone."""
    rows = [replace(row, workplace="mill") for row in population()[:1000]]
    late = [MemberYear(bytes([9, number]), YEAR, 45, "male", "insured", "mill") for number in range(3)]
    make_snapshot(rows, tmp_path, "2026-10")
    make_snapshot([*rows, *late], tmp_path, "2026-11")
    first, second = (pq.read_table(tmp_path / month / "member_year.parquet").drop(["person"]) for month in ("2026-10", "2026-11"))
    secret = tmp_path / ".builder"
    kept = sorted(secret.iterdir())

    assert sorted(first.to_pylist(), key=str) == sorted(second.to_pylist(), key=str)
    assert [path.name for path in kept] == ["2026-11.parquet", "roster-key"]
    assert {path.stat().st_mode & 0o077 for path in (secret, *kept)} == {0}
    assert set(pq.read_schema(secret / "2026-11.parquet").names) == {"name", "block"}
    assert roster_key(tmp_path) == (secret / "roster-key").read_bytes()
    assert newest(tmp_path).month == "2026-11"


def test_other_age_bands_are_refused(tmp_path: Path) -> None:
    """Blocks of bands that are no more cannot be kept: the operator decides to begin anew."""
    rows = population()[:200]
    make_snapshot(rows, tmp_path, "2026-10")
    file = tmp_path / ".builder" / "2026-10.parquet"
    table = pq.read_table(file)
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"bands": b'["0-99"]'}), file)
    with pytest.raises(SnapshotUnusable):
        make_snapshot(rows, tmp_path, "2026-11")
    file.unlink()

    assert make_snapshot(rows, tmp_path, "2026-11").is_dir()


def _onward(path: Sequence[int | None]) -> list[int | None]:
    """Return a way that comes once, moves on once at most, and then ends."""
    onward: list[int | None] = []
    for cell in path:
        been = {one for one in onward if one is not None}
        over = been and (onward[-1] is None or (cell != onward[-1] and len(been) > 1) or (cell in been and cell != onward[-1]))
        onward.append(None if over else cell)
    return onward
