"""Making a snapshot: rows in, an immutable folder out, or nothing."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.blocks import FEWEST, Cell
from analysis.carrying import Release, Rows, release
from analysis.coded import Coded, Numbers, each
from analysis.columns import MemberYears, by_column, rung_columns
from analysis.disease_years import DISEASE_LEVELS, READ_DISEASES, disease_schema, disease_years
from analysis.errors import SnapshotUnusable
from analysis.member_years import AMOUNTS, MemberYear, age_band
from analysis.publishing import clear, hashed, nameless, publish
from analysis.rosters import forget_before, forget_unpublished, recall, remember, roster_key
from analysis.snapshots import DISEASE_YEARS, FORMAT, MEMBER_YEARS, Manifest, current_definitions
from analysis.variables import population_columns

_BATCH = 20_000
_KEY = ".rounding-key"
_ATTRIBUTES = tuple(rung_columns({}, 0))
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


Told = Callable[[str], None]
"""Takes sentences that say how far it is: numbers of people and rows, and nobody."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a snapshot keeps to: people of a block at least, and how many enter or leave one at least where it changes."""

    fewest: int = FEWEST
    changed: int = FEWEST


LIMITS = Limits()


class Making:
    """A snapshot while it is made: member-years are added, in any order."""

    def __init__(self, roster_key: bytes, told: Told) -> None:
        self.roster_key = roster_key
        """With this key `person` of a member-year may be made, so that it is the same in each month's rows."""
        self.told = told
        self._people: dict[bytes, int] = {}
        self._cells: dict[tuple[int, Cell], int] = {}
        self._count = 0
        self._waiting: list[MemberYear] = []
        self._member_years = [_READ.empty_table()]
        self._billed = {name: [READ_DISEASES.empty_table()] for name in DISEASE_LEVELS}

    def add(self, row: MemberYear) -> None:
        """Take a member-year; nobody may be added twice in a year."""
        self._waiting.append(row)
        if len(self._waiting) == _BATCH:
            self._flush()

    def extend(self, rows: MemberYears) -> None:
        """Take many member-years at once."""
        self._member_years.append(self._placed(rows))
        for name, one in rows.billed.items():
            told = {"row": one.row + self._count, "level": one.disease.arrow(), "yen": one.yen}
            self._billed[name].append(_table(told, READ_DISEASES))
        self._count += len(rows.person)

    def _placed(self, rows: MemberYears) -> pa.Table:
        """Return rows by column, with numbers of people and of cells."""
        people = np.array([self._people.setdefault(name, len(self._people)) for name in rows.people], np.int64)
        cells = each(Cell, rows.workplace, rows.relation, rows.sex, each(age_band, rows.age))
        years = Coded.of_numbers(rows.fiscal_year)
        cell = each(lambda year, cell: self._cells.setdefault((year, cell), len(self._cells)), years, cells)
        columns = {
            "person": people[rows.person],
            "fiscal_year": rows.fiscal_year,
            "cell": cell.numbers(),
            **rung_columns(rows.attributes, len(rows.person)),
            **{name: rows.amounts.get(name, np.zeros(len(rows.person))) for name in AMOUNTS},
        }
        return _table(columns, _READ)

    def _flush(self) -> None:
        self.extend(by_column(self._waiting))
        self._waiting.clear()

    def write(self, shelf: Path, month: str, limits: Limits) -> None:
        """Write files without a name, remember who is in which block, and publish."""
        self._flush()
        table = _joined(self._member_years)
        self.told(f"blocks are made of {len(table):,} member-years")
        person, cell = (table[name].to_numpy().astype(np.int64) for name in ("person", "cell"))
        rows = Rows(list(self._people), list(self._cells), person, cell)
        released = release(rows, recall(shelf), limits.fewest, limits.changed)
        if not released.blocks:
            raise SnapshotUnusable("there are too few people for a snapshot")
        shown = self._released(table, released)
        order = _order(shown)
        shown, row = shown.take(order), released.row[order]
        files = {name: nameless(shelf) for name in (MEMBER_YEARS, DISEASE_YEARS)}
        with ExitStack() as stack:
            for file in files.values():
                stack.enter_context(file)
            pool = stack.enter_context(ThreadPoolExecutor())
            given = row, shown, limits.fewest
            treated = [pool.submit(disease_years, _joined(billed), name, *given) for name, billed in self._billed.items()]
            remembered = pool.submit(remember, shelf, month, released.memory)
            self._write(files[MEMBER_YEARS], MEMBER_YEARS, shown.schema, [shown])
            self._write(files[DISEASE_YEARS], DISEASE_YEARS, disease_schema(shown), (one.result() for one in treated))
            manifest = Manifest(
                format=FORMAT,
                month=month,
                fewest=limits.fewest,
                rounding_key=_rounding_key(shelf).hex(),
                fiscal_years=tuple(sorted({year for year, _ in released.blocks})),
                workplaces=tuple(sorted(filter(None, {block.levels["workplace"] for _, block in released.blocks}))),
                diseases=tuple(sorted(pc.unique(treated[0].result()["disease_class"]).to_pylist())),
                definitions=current_definitions(),
                files={name: hashed(file) for name, file in files.items()},
            )
            remembered.result()
            publish(shelf, manifest, files)
        forget_before(shelf, month)

    def _write(self, file: BinaryIO, name: str, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
        """Write tables one after the other, each in row groups of its own."""
        words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        # What is least and most of words is of no use, and dear.
        numbers = [name for name in schema.names if name not in words]
        with pq.ParquetWriter(
            file, schema, compression="zstd", version="2.6", use_dictionary=words, write_statistics=numbers
        ) as writer:
            written = 0
            for table in tables:
                writer.write_table(table)
                written += len(table)
                self.told(f"{written:,} rows of {name} are written")

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
                **{name: _levels(name, released) for name in population_columns()},
                **{name: shown[name] for name in (*_ATTRIBUTES, *AMOUNTS)},
            }
        )


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


def _order(rows: pa.Table) -> Numbers:
    """Return the order by year, block and random number: alike ones together, nobody where they were read."""
    key = np.zeros(len(rows), np.int64)
    for name in ("fiscal_year", "block", "person"):
        numbers = rows[name].to_numpy().astype(np.int64)
        key = key * (numbers.max(initial=0) + 1) + numbers
    return np.argsort(key, kind="stable")


def _table(columns: Mapping[str, object], schema: pa.Schema) -> pa.Table:
    return pa.table([pa.array(columns[field.name]).cast(field.type) for field in schema], schema=schema)


def _joined(tables: list[pa.Table]) -> pa.Table:
    """Return all rows, each text column with one dictionary."""
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


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
