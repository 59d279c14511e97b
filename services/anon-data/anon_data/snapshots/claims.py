"""What claims of a fiscal year add up to, and what each was billed for.

Rows of diagnoses are read block by block, as they came: what is in between stays in the cache.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from analysis.coded import Coded, Flags, Numbers
from analysis.columns import Billed
from analysis.member_years import Disease

from anon_data.snapshots.diseases import disease_of
from anon_data.snapshots.grid import NOWHERE, Grid, fiscal_years, months

Amounts = npt.NDArray[np.float64]
_MEDICAL = (1, 2)
_YEN = 10
_READ = {"number": np.int32, "month": np.int32, "kind": np.int8, "days": np.int16, "points": np.int32}


@dataclass(frozen=True, slots=True)
class Claims:
    """A row for each claim, which is nowhere where it does not count. `days`: of treatment."""

    person: Numbers
    month: Numbers
    medical: Flags
    days: npt.NDArray[np.int16]
    points: npt.NDArray[np.int32]

    counted: Numbers
    """The months of which there are claims."""

    @property
    def until(self) -> int | None:
        """The latest month of which there are claims."""
        return int(self.counted.max()) if len(self.counted) else None

    def months_of_years(self) -> dict[int, int]:
        """Return of each fiscal year in how many months there are claims."""
        years, counts = np.unique(fiscal_years(self.counted), return_counts=True)
        return dict(zip(years.tolist(), counts.tolist(), strict=True))


def claims_of(billed: pa.Table, grid: Grid, fewest: int) -> Claims:
    """Return the claims of diagnoses; those of a month in which fewer people of the grid have any do not count."""
    read = {name: np.zeros(pc.max(billed["claim"]).as_py() or 0, kind) for name, kind in _READ.items()}
    for claim, batch in _blocks(billed):
        for name, column in read.items():
            column[claim] = batch[name].to_numpy()
    table = pa.table({name: read[name] for name in ("number", "month")})
    person, month = grid.person(table), Coded.of_numbers(months(table["month"]))
    common = grid.had_by(person, month, fewest)
    return Claims(
        person=np.where(common[month.number], person, NOWHERE) if len(person) else person,
        month=month.numbers(),
        medical=np.isin(read["kind"], _MEDICAL),
        days=read["days"],
        points=read["points"],
        counted=np.array(month.values, np.int64)[common],
    )


def sums(claims: Claims, cell: Numbers, size: int) -> dict[str, Amounts]:
    """Return amounts by cell; `cell` is that of each claim."""
    here = np.flatnonzero(cell >= 0)
    at, medical = cell[here], claims.medical[here]
    yen = _YEN * claims.points[here].astype(np.float64)
    days = claims.days[here].astype(np.float64)

    def summed(cell: Numbers, amounts: Amounts) -> Amounts:
        return np.bincount(cell, amounts, size).astype(np.float64)

    return {
        "yen": summed(at, yen),
        "medical_claims": summed(at[medical], np.ones(int(medical.sum()))),
        "medical_days": summed(at[medical], days[medical]),
        "medical_yen": summed(at[medical], yen[medical]),
    }


def diagnosed(claims: Claims, billed: pa.Table, cell: Numbers, classes: Mapping[str, str]) -> Billed:
    """Return what was billed for each diagnosis: a claim is divided among its main ones, or where none is marked among all."""
    codes, mains = (np.zeros(len(claims.points), np.int32) for _ in range(2))
    for claim, batch in _blocks(billed):
        np.add.at(codes, claim[_flags(batch["code"].is_valid())], 1)
        np.add.at(mains, claim[_flags(batch["main"])], 1)
    each = _YEN * claims.points / np.maximum(np.where(mains > 0, mains, codes), 1)
    seen: dict[Disease, int] = {}
    rows, diseases, yen = ([np.empty(0, kind)] for kind in (np.int64, np.int64, np.float64))
    for claim, batch in _blocks(billed):
        there = np.flatnonzero(_flags(batch["code"].is_valid()) & (cell[claim] >= 0))
        number = claim[there]
        code = batch["code"].take(pa.array(there))
        named = [seen.setdefault(disease_of(word, classes), len(seen)) for word in code.dictionary.to_pylist()]
        rows.append(cell[number])
        diseases.append(np.array(named or [0], np.int64)[code.indices.to_numpy()])
        yen.append(np.where(_flags(batch["main"])[there] | (mains[number] == 0), each[number], 0.0))
    return Billed(np.concatenate(rows), Coded(np.concatenate(diseases), tuple(seen)), np.concatenate(yen))


def _blocks(billed: pa.Table) -> Iterator[tuple[Numbers, pa.RecordBatch]]:
    """Yield rows, and of each the place of its claim."""
    for batch in billed.to_batches():
        yield batch["claim"].to_numpy().astype(np.int64) - 1, batch


def _flags(column: pa.BooleanArray) -> Flags:
    said: Flags = column.fill_null(False).to_numpy(zero_copy_only=False)
    return said
