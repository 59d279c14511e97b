"""Who was in which block when it was last shown: what the builder remembers from one month to the next, and nobody else has.

``.builder/2026-11.parquet`` on the shelf: names and blocks, no level and no sum of anybody. Names are what the reader of rows calls
people, made with the key beside it, which is nowhere else. Whoever is in no row any more is forgotten, and only counted.
"""

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.blocks import Cell
from analysis.errors import SnapshotUnusable
from analysis.snapshots import months
from analysis.variables import variables

_FOLDER = ".builder"
_KEY = "roster-key"
_BLOCKS, _BANDS = b"blocks", b"bands"
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A block as it was last shown: its cells, and how many of its people were since then forgotten.

    Without cells it is over, and its people wait for a place in another.
    """

    year: int
    cells: tuple[Cell, ...]
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """Blocks, and who was in them: names, and beside each the number of its block."""

    blocks: Sequence[Remembered]
    names: Sequence[bytes]
    block: Numbers


NOTHING = Memory((), (), np.empty(0, np.int64))


def roster_key(shelf: Path) -> bytes:
    """Return the key of the names, 32 bytes, made with the first snapshot."""
    file = _folder(shelf) / _KEY
    if not file.exists():
        fresh = file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        fresh.rename(file)
    return file.read_bytes()


def recall(shelf: Path) -> Memory:
    """Return what the latest snapshot was made of, nothing before the first; raise SnapshotUnusable where ages are banded anew."""
    file = next((found for month in months(shelf) if (found := _file(shelf, month)).is_file()), None)
    if file is None:
        return NOTHING
    table = pq.read_table(file)
    told = table.schema.metadata
    if json.loads(told[_BANDS]) != _bands():
        raise SnapshotUnusable(f"{file}: knows other age bands; without it the next snapshot begins anew, comparable with the last")
    blocks = [Remembered(year, tuple(Cell(*cell) for cell in cells), gone) for year, cells, gone in json.loads(told[_BLOCKS])]
    return Memory(blocks, table["name"].to_pylist(), table["block"].to_numpy().astype(np.int64))


def remember(shelf: Path, month: str, memory: Memory) -> None:
    """Write what a snapshot is made of; it counts when the snapshot is there."""
    told = {_BLOCKS: json.dumps([(one.year, one.cells, one.gone) for one in memory.blocks]), _BANDS: json.dumps(_bands())}
    rows = pa.table({"name": pa.array(memory.names, pa.binary()), "block": pa.array(memory.block, pa.int32())})
    file = _file(shelf, month)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        pq.write_table(rows.sort_by("name").replace_schema_metadata(told), opened, compression="zstd")


def forget_before(shelf: Path, month: str) -> None:
    """Delete what other snapshots were made of."""
    for file in _folder(shelf).glob("*.parquet"):
        if file != _file(shelf, month):
            file.unlink()


def forget_unpublished(shelf: Path) -> None:
    """Delete what snapshots would have been made of that never were."""
    there = set(months(shelf))
    for file in _folder(shelf).glob("*.parquet"):
        if file.stem not in there:
            file.unlink()


def _file(shelf: Path, month: str) -> Path:
    return _folder(shelf) / f"{month}.parquet"


def _folder(shelf: Path) -> Path:
    folder = shelf / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _bands() -> list[str]:
    return list(variables()["age"].rungs[0].levels or ())
