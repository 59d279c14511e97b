"""What claims of a fiscal year add up to, and what each was billed for.

A claim has a row for each of its diagnoses, anywhere: what is counted once for a claim is counted as its part for each of its rows.
Rows are gone through block by block, as they came, so that what is in between stays in the cache.
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
from anon_data.snapshots.later import Visits

Amounts = npt.NDArray[np.float64]
_SUMS = ("yen", "medical_claims", "medical_days", "medical_yen")
_MEDICAL = (1, 2)
_END = 12 * 10_000
"""After every month that a date could have."""
_YEN = 10
_ONE = np.int16(1)
"""A Python number would be added twenty times as slowly."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Rows of claims, and what is known when all were seen once.

    `months`: those of which there are claims. `rows`, `mains`: how many each claim has, and how many of main diagnoses.
    """

    billed: pa.Table
    months: Numbers
    visits: Visits
    rows: npt.NDArray[np.int16]
    mains: npt.NDArray[np.int16]

    def months_of_years(self) -> dict[int, int]:
        """Return of each fiscal year in how many months there are claims."""
        years, counts = np.unique(fiscal_years(self.months), return_counts=True)
        return dict(zip(years.tolist(), counts.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Rows:
    person: Numbers
    claim: Numbers
    month: Numbers
    medical: Flags
    main: Flags
    read: pa.RecordBatch

    def amounts(self, name: str) -> Amounts:
        said: Amounts = self.read[name].to_numpy().astype(np.float64)
        return said


def claims_of(billed: pa.Table, grid: Grid, fewest: int) -> Claims:
    """Return the claims of diagnoses; those of a month in which fewer people of the grid have any do not count."""
    there = np.sort(months(pc.unique(billed["month"])))
    first = there.min(initial=_END)
    place = np.cumsum(np.bincount(there - first)) - 1  # of each month among those
    had, treated = (np.zeros((len(there), len(grid.birth_year) + 1), np.bool_) for _ in range(2))
    rows, mains = (np.zeros(pc.max(billed["claim"]).as_py() or 0, np.int16) for _ in range(2))
    for one in _blocks(billed, grid):
        month = place[one.month - first]
        # Who is nowhere is in the last place.
        had[month, one.person] = True
        treated[month[one.medical], one.person[one.medical]] = True
        np.add.at(rows, one.claim, _ONE)
        np.add.at(mains, one.claim[one.main], _ONE)
    common = had[:, :NOWHERE].sum(axis=1) >= fewest
    return Claims(billed, there[common], Visits(treated[common, :NOWHERE], there[common]), rows, mains)


def added_up(claims: Claims, grid: Grid, classes: Mapping[str, str]) -> tuple[dict[str, Amounts], Billed]:
    """Return sums by cell, and what was billed for each diagnosis.

    A claim is divided among its main diagnoses, or where none is marked among all.
    """
    sums = {name: np.zeros(grid.size) for name in _SUMS}
    seen: dict[Disease, int] = {}
    cells, diseases, yen = ([np.empty(0, kind)] for kind in (np.int64, np.int64, np.float64))
    for one in _blocks(claims.billed, grid):
        cell = grid.cell(one.person, fiscal_years(one.month))
        cell[~np.isin(one.month, claims.months)] = NOWHERE
        billed, part = _YEN * one.amounts("points"), 1 / claims.rows[one.claim]
        counted = cell >= 0
        np.add.at(sums["yen"], cell[counted], (billed * part)[counted])
        counted &= one.medical
        for name, amount in (("medical_claims", 1), ("medical_days", one.amounts("days")), ("medical_yen", billed)):
            np.add.at(sums[name], cell[counted], (amount * part)[counted])
        mains = claims.mains[one.claim]
        there = np.flatnonzero(_flags(one.read["code"].is_valid()) & (cell >= 0))
        code = one.read["code"].take(pa.array(there))
        named = [seen.setdefault(disease_of(word, classes), len(seen)) for word in code.dictionary.to_pylist()]
        cells.append(cell[there])
        diseases.append(np.array(named or [0], np.int64)[code.indices.to_numpy()])
        share = np.where(mains == 0, part, one.main / np.maximum(mains, 1))
        yen.append((billed * share)[there])
    found = Billed(np.concatenate(cells), Coded(np.concatenate(diseases), tuple(seen)), np.concatenate(yen))
    # Parts of whole numbers add up to whole ones.
    return {name: amounts.round() for name, amounts in sums.items()}, found


def _blocks(billed: pa.Table, grid: Grid) -> Iterator[_Rows]:
    for batch in billed.to_batches():
        table = pa.Table.from_batches([batch])
        yield _Rows(
            person=grid.person(table),
            claim=batch["claim"].to_numpy().astype(np.int64) - 1,
            month=months(table["month"]),
            medical=np.isin(batch["kind"].to_numpy(), _MEDICAL),
            main=_flags(batch["main"]),
            read=batch,
        )


def _flags(column: pa.BooleanArray) -> Flags:
    said: Flags = column.fill_null(False).to_numpy(zero_copy_only=False)
    return said
