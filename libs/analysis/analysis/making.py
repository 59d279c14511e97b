"""Making a snapshot: rows in, an immutable folder out, or nothing."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.blocks import FEWEST, Cell
from analysis.carrying import Release, Rows, release
from analysis.errors import SnapshotUnusable
from analysis.member_years import AMOUNTS, MemberYear, age_band, attribute_columns
from analysis.rosters import Memory, forget_before, recall, remember, roster_key
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


@dataclass(frozen=True, slots=True)
class Limits:
    """What a snapshot keeps to: people of a block at least, and how many enter or leave one at least where it changes."""

    fewest: int = FEWEST
    changed: int = FEWEST


LIMITS = Limits()


class Making:
    """A snapshot while it is made: member-years are added one by one, in any order."""

    def __init__(self, roster_key: bytes) -> None:
        self.roster_key = roster_key
        """With this key `person` of a member-year may be made, so that it is the same in each month's rows."""
        self._people: dict[bytes, int] = {}
        self._cells: dict[tuple[int, Cell], int] = {}
        self._batches: list[pa.RecordBatch] = []
        self._columns: dict[str, list[object]] = {name: [] for name in _READ.names}

    def add(self, row: MemberYear) -> None:
        """Take a member-year; nobody may be added twice in a year."""
        cell = row.fiscal_year, Cell(row.workplace, row.relation, row.sex, age_band(row.age))
        columns = self._columns
        columns["person"].append(self._people.setdefault(row.person, len(self._people)))
        columns["fiscal_year"].append(row.fiscal_year)
        columns["cell"].append(self._cells.setdefault(cell, len(self._cells)))
        for name, level in attribute_columns(row.attributes).items():
            columns[name].append(level)
        for name in AMOUNTS:
            columns[name].append(float(row.amounts.get(name, 0)))
        if len(columns["cell"]) == _BATCH:
            self._flush()

    def write(self, folder: Path, month: str, limits: Limits, key: bytes, memory: Memory) -> Memory:
        """Write file and manifest; return who is in which block."""
        self._flush()
        table = pa.Table.from_batches(self._batches, _READ).unify_dictionaries().combine_chunks()
        person, cell = (table[name].to_numpy().astype(np.int64) for name in ("person", "cell"))
        released = release(Rows(list(self._people), list(self._cells), person, cell), memory, limits.fewest, limits.changed)
        if not released.blocks:
            raise SnapshotUnusable("there are too few people for a snapshot")
        pq.write_table(self._released(table, released), folder / MEMBER_YEARS, compression="zstd", version="2.6")
        (folder / MEMBER_YEARS).chmod(0o600)
        whole = {block.levels["workplace"] for _, block in released.blocks}
        manifest = Manifest(
            format=FORMAT,
            month=month,
            fewest=limits.fewest,
            rounding_key=key.hex(),
            fiscal_years=tuple(sorted({year for year, _ in released.blocks})),
            workplaces=tuple(sorted(filter(None, whole))),
            definitions=current_definitions(),
            files={MEMBER_YEARS: digest(folder / MEMBER_YEARS)},
        )
        seal(folder, manifest)
        return released.memory

    def _flush(self) -> None:
        arrays = [_array(values, _READ.field(name).type) for name, values in self._columns.items()]
        for values in self._columns.values():
            values.clear()
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=_READ))

    def _released(self, table: pa.Table, released: Release) -> pa.Table:
        """Give rows their blocks in place of their cells, people their random numbers, and sort by these."""
        shown = table.take(released.row)
        random = np.random.default_rng(secrets.randbits(128)).permutation(len(self._people)).astype(np.int32)
        person = random[shown["person"].to_numpy()]
        columns: dict[str, pa.Array] = {
            "person": pa.array(person),
            "fiscal_year": shown["fiscal_year"],
            "block": pa.array(released.block, pa.int32()),
            **{name: _levels(name, released) for name in _POPULATION},
            **{name: shown[name] for name in (*_ATTRIBUTES, *AMOUNTS)},
        }
        order: npt.NDArray[np.intp] = np.lexsort((released.block, person, shown["fiscal_year"].to_numpy()))
        return pa.table(columns).take(order)


@contextmanager
def making(shelf: Path, month: str, limits: Limits = LIMITS) -> Iterator[Making]:
    """Make the snapshot of a month below `shelf`, of what is added in the block.

    People get random numbers, rows their order. Until it is whole nothing of it is in sight: what an earlier attempt left is
    removed first. Raise SnapshotUnusable where the month is there already, another one is being made, or there are too few people.
    """
    with _alone(shelf):
        target, unfinished = shelf / month, shelf / _UNFINISHED
        if target.exists():
            raise SnapshotUnusable(f"{target}: is there already, and a snapshot is never changed")
        shutil.rmtree(unfinished, ignore_errors=True)
        made = Making(roster_key(shelf))
        yield made
        unfinished.mkdir(mode=0o700)
        remember(shelf, month, made.write(unfinished, month, limits, _rounding_key(shelf), recall(shelf)))
        unfinished.rename(target)
        forget_before(shelf, month)


def make_snapshot(rows: Iterable[MemberYear], shelf: Path, month: str, limits: Limits = LIMITS) -> Path:
    """Make a snapshot of these rows, and return its folder."""
    with making(shelf, month, limits) as made:
        for row in rows:
            made.add(row)
    return shelf / month


def _rounding_key(shelf: Path) -> bytes:
    """Return the shelf's key, made with its first snapshot."""
    file = shelf / _KEY
    if not file.exists():
        fresh = file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        fresh.rename(file)
    return file.read_bytes()


def _array(values: list[object], kind: pa.DataType) -> pa.Array:
    return pa.array(values, pa.string()).dictionary_encode() if kind == _TEXT else pa.array(values, kind)


def _levels(name: str, released: Release) -> pa.Array:
    """Return a column of what each row's block is."""
    names = sorted({level for _, block in released.blocks if (level := block.levels[name]) is not None})
    place: Mapping[str | None, int] = {level: number for number, level in enumerate(names)} | {None: -1}
    codes = np.array([place[block.levels[name]] for _, block in released.blocks], np.int32)[released.block]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(names, pa.string()))


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
