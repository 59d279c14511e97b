"""Making a snapshot: rows in, an immutable folder out, or nothing."""

import fcntl
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.blocks import FEWEST, Block, Cell, merged
from analysis.errors import SnapshotUnusable
from analysis.member_years import AMOUNTS, MemberYear, age_band, attribute_columns
from analysis.snapshots import FORMAT, MEMBER_YEARS, Manifest, current_definitions, digest, seal
from analysis.variables import variables

_BATCH = 20_000
_UNFINISHED = ".unfinished"
_KEY = ".rounding-key"
_POPULATION = tuple(rung.column for one in variables().values() if one.of == "population" for rung in one.rungs)
_ATTRIBUTES = tuple(attribute_columns({}))
_TEXT = pa.dictionary(pa.int32(), pa.string())
_READ = pa.schema(
    [
        ("person", pa.int32()),
        ("fiscal_year", pa.int16()),
        ("cell", pa.int32()),
        *((name, _TEXT) for name in _ATTRIBUTES),
        *((name, pa.float64()) for name in AMOUNTS),
    ]
)


@dataclass(slots=True)
class _Numbers:
    """People and cells by the order in which they came; what leaves this module is numbered anew."""

    people: dict[bytes, int] = field(default_factory=dict)
    cells: dict[tuple[int, Cell], int] = field(default_factory=dict)
    sizes: Counter[tuple[int, Cell]] = field(default_factory=Counter)


def make_snapshot(rows: Iterable[MemberYear], shelf: Path, month: str, *, fewest: int = FEWEST) -> Path:
    """Write the snapshot of a month below `shelf` and return its folder.

    People get random numbers, rows their order. Until it is whole nothing of it is in sight: what an earlier attempt left is
    removed first. Raise SnapshotUnusable where the month is there already, or another one is being made.
    """
    with _alone(shelf):
        target, unfinished = shelf / month, shelf / _UNFINISHED
        if target.exists():
            raise SnapshotUnusable(f"{target}: is there already, and a snapshot is never changed")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _write(rows, unfinished, month, fewest, _rounding_key(shelf))
        unfinished.rename(target)
    return target


def _write(rows: Iterable[MemberYear], folder: Path, month: str, fewest: int, key: bytes) -> None:
    numbers = _Numbers()
    table = pa.Table.from_batches(list(_batches(rows, numbers)), _READ).unify_dictionaries().combine_chunks()
    blocks = [(year, block) for year, counts in sorted(_by_year(numbers.sizes).items()) for block in merged(counts, fewest)]
    if not blocks:
        raise SnapshotUnusable("there are too few people for a snapshot")
    table = _released(table, numbers, blocks)
    pq.write_table(table, folder / MEMBER_YEARS, compression="zstd", version="2.6")
    (folder / MEMBER_YEARS).chmod(0o600)
    whole = {block.levels["workplace"] for _, block in blocks} - {None}
    manifest = Manifest(
        format=FORMAT,
        month=month,
        fewest=fewest,
        rounding_key=key.hex(),
        fiscal_years=tuple(sorted({year for year, _ in blocks})),
        workplaces=tuple(sorted(filter(None, whole))),
        definitions=current_definitions(),
        files={MEMBER_YEARS: digest(folder / MEMBER_YEARS)},
    )
    seal(folder, manifest)


def _rounding_key(shelf: Path) -> bytes:
    """Return the shelf's key, made with its first snapshot."""
    file = shelf / _KEY
    if not file.exists():
        fresh = file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        fresh.rename(file)
    return file.read_bytes()


def _batches(rows: Iterable[MemberYear], numbers: _Numbers) -> Iterator[pa.RecordBatch]:
    columns: dict[str, list[object]] = {name: [] for name in _READ.names}
    for row in rows:
        cell = row.fiscal_year, Cell(row.workplace, row.relation, row.sex, age_band(row.age))
        numbers.sizes[cell] += 1
        columns["person"].append(numbers.people.setdefault(row.person, len(numbers.people)))
        columns["fiscal_year"].append(row.fiscal_year)
        columns["cell"].append(numbers.cells.setdefault(cell, len(numbers.cells)))
        for name, level in attribute_columns(row.attributes).items():
            columns[name].append(level)
        for name in AMOUNTS:
            columns[name].append(float(row.amounts.get(name, 0)))
        if len(columns["cell"]) == _BATCH:
            yield _batch(columns)
    yield _batch(columns)


def _batch(columns: dict[str, list[object]]) -> pa.RecordBatch:
    arrays = [_array(values, _READ.field(name).type) for name, values in columns.items()]
    for values in columns.values():
        values.clear()
    return pa.RecordBatch.from_arrays(arrays, schema=_READ)


def _array(values: list[object], kind: pa.DataType) -> pa.Array:
    return pa.array(values, pa.string()).dictionary_encode() if kind == _TEXT else pa.array(values, kind)


def _released(table: pa.Table, numbers: _Numbers, blocks: list[tuple[int, Block]]) -> pa.Table:
    """Give rows their blocks in place of their cells, people their random numbers, and sort by these."""
    of_cell = np.full(len(numbers.cells), -1, np.int32)
    for number, (year, block) in enumerate(blocks):
        for cell in block.cells:
            of_cell[numbers.cells[year, cell]] = number
    block_of = of_cell[table["cell"].to_numpy()]
    random = np.random.default_rng(secrets.randbits(128)).permutation(len(numbers.people)).astype(np.int32)
    person = random[table["person"].to_numpy()]
    columns: dict[str, pa.Array] = {
        "person": pa.array(person),
        "fiscal_year": table["fiscal_year"],
        "block": pa.array(block_of),
        **{name: _levels(name, blocks, block_of) for name in _POPULATION},
        **{name: table[name] for name in (*_ATTRIBUTES, *AMOUNTS)},
    }
    order: npt.NDArray[np.intp] = np.lexsort((person, table["fiscal_year"].to_numpy()))
    return pa.table(columns).take(order[block_of[order] >= 0])


def _levels(name: str, blocks: list[tuple[int, Block]], block_of: npt.NDArray[np.int32]) -> pa.Array:
    """Return a column of what each row's block is; of who is in none, which is dropped, anything."""
    names = sorted({level for _, block in blocks if (level := block.levels[name]) is not None})
    place: Mapping[str | None, int] = {level: number for number, level in enumerate(names)} | {None: -1}
    codes = np.array([place[block.levels[name]] for _, block in blocks], np.int32)[block_of]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(names, pa.string()))


def _by_year(sizes: Mapping[tuple[int, Cell], int]) -> dict[int, dict[Cell, int]]:
    years: dict[int, dict[Cell, int]] = {}
    for (year, cell), people in sizes.items():
        years.setdefault(year, {})[cell] = people
    return years


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    """Hold the shelf while one snapshot is made; a process that dies lets go of it."""
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(shelf, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise SnapshotUnusable(f"{shelf}: another snapshot is being made here") from None
    finally:
        os.close(held)
