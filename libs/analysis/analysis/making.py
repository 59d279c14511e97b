"""Making a snapshot: rows in, an immutable folder out, or nothing."""

import fcntl
import os
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.blocks import FEWEST, Cell
from analysis.carrying import Release, Rows, release
from analysis.errors import SnapshotUnusable
from analysis.member_years import AMOUNTS, Disease, MemberYear, age_band, attribute_columns
from analysis.publishing import clear, hashed, nameless, publish
from analysis.rosters import forget_before, forget_unpublished, recall, remember, roster_key
from analysis.snapshots import DISEASE_YEARS, FORMAT, MEMBER_YEARS, Manifest, current_definitions
from analysis.variables import variables

_BATCH = 20_000
_KEY = ".rounding-key"
_POPULATION = tuple(rung.column for one in variables().values() if one.of == "population" for rung in one.rungs)
_ATTRIBUTES = tuple(attribute_columns({}))
_TEXT = pa.dictionary(pa.int32(), pa.string())
_DISEASES = ("disease_class", "disease_group")
_READ = pa.schema(
    [
        ("person", pa.int32()),
        ("fiscal_year", pa.int16()),
        ("cell", pa.int32()),
        *((name, _TEXT) for name in _ATTRIBUTES),
        *((name, pa.float64()) for name in AMOUNTS),
    ]
)


Told = Callable[[str], None]
"""Takes sentences that say how far it is: numbers of people and rows, and nobody."""
_READ_DISEASES = pa.schema([("row", pa.int32()), *((name, _TEXT) for name in _DISEASES), ("yen", pa.float64())])


@dataclass(frozen=True, slots=True)
class Limits:
    """What a snapshot keeps to: people of a block at least, and how many enter or leave one at least where it changes."""

    fewest: int = FEWEST
    changed: int = FEWEST


LIMITS = Limits()


class Making:
    """A snapshot while it is made: member-years are added one by one, in any order."""

    def __init__(self, roster_key: bytes, told: Told) -> None:
        self.roster_key = roster_key
        """With this key `person` of a member-year may be made, so that it is the same in each month's rows."""
        self.told = told
        self._people: dict[bytes, int] = {}
        self._cells: dict[tuple[int, Cell], int] = {}
        self._member_years = _Batches(_READ)
        self._disease_years = _Batches(_READ_DISEASES)

    def add(self, row: MemberYear) -> None:
        """Take a member-year; nobody may be added twice in a year."""
        cell = row.fiscal_year, Cell(row.workplace, row.relation, row.sex, age_band(row.age))
        for column, yen in _by_rung(row.diseases).items():
            for level, one in yen.items():
                self._disease_years.add({"row": self._member_years.count, **dict.fromkeys(_DISEASES), column: level, "yen": one})
        person = self._people.setdefault(row.person, len(self._people))
        named = {"person": person, "fiscal_year": row.fiscal_year, "cell": self._cells.setdefault(cell, len(self._cells))}
        amounts = {name: float(row.amounts.get(name, 0)) for name in AMOUNTS}
        self._member_years.add({**named, **attribute_columns(row.attributes), **amounts})

    def write(self, shelf: Path, month: str, limits: Limits) -> None:
        """Write files without a name, remember who is in which block, and publish."""
        table = self._member_years.table()
        self.told(f"blocks are made of {len(table):,} member-years")
        person, cell = (table[name].to_numpy().astype(np.int64) for name in ("person", "cell"))
        rows = Rows(list(self._people), list(self._cells), person, cell)
        released = release(rows, recall(shelf), limits.fewest, limits.changed)
        if not released.blocks:
            raise SnapshotUnusable("there are too few people for a snapshot")
        shown = self._released(table, released)
        tables = {
            MEMBER_YEARS: _sorted(shown),
            DISEASE_YEARS: _sorted(_common(_with_people(self._disease_years.table(), shown, released), limits.fewest)),
        }
        files = {name: nameless(shelf) for name in tables}
        with ExitStack() as stack:
            for file in files.values():
                stack.enter_context(file)
            for name, told in tables.items():
                self.told(f"{len(told):,} rows of {name} are written")
                pq.write_table(told, files[name], compression="zstd", version="2.6")
            manifest = Manifest(
                format=FORMAT,
                month=month,
                fewest=limits.fewest,
                rounding_key=_rounding_key(shelf).hex(),
                fiscal_years=tuple(sorted({year for year, _ in released.blocks})),
                workplaces=tuple(sorted(filter(None, {block.levels["workplace"] for _, block in released.blocks}))),
                diseases=tuple(sorted(filter(None, pc.unique(tables[DISEASE_YEARS]["disease_class"]).to_pylist()))),
                definitions=current_definitions(),
                files={name: hashed(file) for name, file in files.items()},
            )
            remember(shelf, month, released.memory)
            publish(shelf, manifest, files)
        forget_before(shelf, month)

    def _released(self, table: pa.Table, released: Release) -> pa.Table:
        """Give rows their blocks in place of their cells, and people their random numbers."""
        shown = table.take(released.row)
        random = np.random.default_rng(secrets.randbits(128)).permutation(len(self._people)).astype(np.int32)
        person = random[shown["person"].to_numpy()]
        return pa.table(
            {
                "person": pa.array(person),
                "fiscal_year": shown["fiscal_year"],
                "block": pa.array(released.block, pa.int32()),
                **{name: _levels(name, released) for name in _POPULATION},
                **{name: shown[name] for name in (*_ATTRIBUTES, *AMOUNTS)},
            }
        )


class _Batches:
    """Rows by column, as arrays as soon as there are many of them."""

    def __init__(self, schema: pa.Schema) -> None:
        self.count = 0
        self._schema = schema
        self._columns: dict[str, list[object]] = {name: [] for name in schema.names}
        self._batches: list[pa.RecordBatch] = []

    def add(self, row: Mapping[str, object]) -> None:
        """Take a row with every column of the schema."""
        for name, values in self._columns.items():
            values.append(row[name])
        self.count += 1
        if self.count % _BATCH == 0:
            self._flush()

    def table(self) -> pa.Table:
        """Return all rows, each text column with one dictionary."""
        self._flush()
        return pa.Table.from_batches(self._batches, self._schema).unify_dictionaries().combine_chunks()

    def _flush(self) -> None:
        arrays = [_array(values, self._schema.field(name).type) for name, values in self._columns.items()]
        for values in self._columns.values():
            values.clear()
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))


@contextmanager
def making(shelf: Path, month: str, limits: Limits = LIMITS, told: Told = lambda _: None) -> Iterator[Making]:
    """Make the snapshot of a month below `shelf`, of what is added in the block.

    People get random numbers, rows their order. Nothing of what is read is kept before it is published: whatever stops it, the
    next attempt begins anew, and first removes what the one before left. Raise SnapshotUnusable where the month is there already,
    another one is being made, or there are too few people.
    """
    with _alone(shelf):
        if (shelf / month).exists():
            raise SnapshotUnusable(f"{shelf / month}: is there already, and a snapshot is never changed")
        clear(shelf)
        forget_unpublished(shelf)
        made = Making(roster_key(shelf), told)
        yield made
        made.write(shelf, month, limits)


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


def _by_rung(diseases: Mapping[Disease, float]) -> Mapping[str, Mapping[str, float]]:
    """Return what was billed for each class, and for each group."""
    classes, groups = (defaultdict[str, float](float) for _ in _DISEASES)
    for disease, yen in diseases.items():
        groups[disease.group] += yen
        if disease.number is not None:
            classes[disease.number] += yen
    return dict(zip(_DISEASES, (classes, groups), strict=True))


def _with_people(diseases: pa.Table, shown: pa.Table, released: Release) -> pa.Table:
    """Return the rows of who is shown, with what is said of them."""
    place = np.full(int(max(released.row.max(), pc.max(diseases["row"]).as_py() or 0)) + 1, -1, np.int64)
    place[released.row] = np.arange(len(released.row))
    of = place[diseases["row"].to_numpy()]
    said = shown.select(["person", "fiscal_year", "block", *_POPULATION]).take(of[of >= 0])
    kept = diseases.filter(pa.array(of >= 0))
    for name in (*_DISEASES, "yen"):
        said = said.append_column(name, kept[name])
    return said


def _common(rows: pa.Table, fewest: int) -> pa.Table:
    """Leave out classes and groups that fewer people have in a year: a class is in its group all the same."""
    key = rows["fiscal_year"].to_numpy().astype(np.int64)
    for name in _DISEASES:
        levels = rows[name].combine_chunks()
        key = key * (len(levels.dictionary) + 1) + pc.fill_null(levels.indices, len(levels.dictionary)).to_numpy()
    _, which, people = np.unique(key, return_inverse=True, return_counts=True)
    return rows.filter(pa.array(people[which] >= fewest))


def _sorted(rows: pa.Table) -> pa.Table:
    """Return rows by year, block and random number: alike ones together, nobody where they were read."""
    order: npt.NDArray[np.intp] = np.lexsort([rows[name].to_numpy() for name in ("person", "block", "fiscal_year")])
    return rows.take(order)


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
