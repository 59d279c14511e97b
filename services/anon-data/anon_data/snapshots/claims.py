"""What claims of a fiscal year add up to, and what each was billed for.

Rows are gone through block by block, as they came, so that what is in between stays in the cache.
"""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Claims:
    """What is known of claims when all were seen once: the months of which there are any, and who saw a doctor in which."""

    months: Numbers
    visits: Visits

    def months_of_years(self) -> dict[int, int]:
        """Return of each fiscal year in how many months there are claims."""
        years, counts = np.unique(fiscal_years(self.months), return_counts=True)
        return dict(zip(years.tolist(), counts.tolist(), strict=True))

    def cell(self, rows: pa.RecordBatch, grid: Grid) -> Numbers:
        """Return the cell of each row, which is nowhere where its month is none of these."""
        month = months(rows["month"])
        cell = grid.cell(grid.person(rows), fiscal_years(month))
        cell[~np.isin(month, self.months)] = NOWHERE
        return cell


def claims_of(claims: pa.Table, grid: Grid, fewest: int) -> Claims:
    """Return what is known of claims; those of a month in which fewer people of the grid have any do not count."""
    there = np.sort(months(pc.unique(claims["month"])))
    first = there.min(initial=_END)
    place = np.cumsum(np.bincount(there - first)) - 1  # of each month among those
    had, treated = (np.zeros((len(there), len(grid.birth_year) + 1), np.bool_) for _ in range(2))
    for rows in claims.to_batches():
        person, month, medical = grid.person(rows), place[months(rows["month"]) - first], _medical(rows)
        # Who is nowhere is in the last place.
        had[month, person] = True
        treated[month[medical], person[medical]] = True
    common = had[:, :NOWHERE].sum(axis=1) >= fewest
    return Claims(there[common], Visits(treated[common, :NOWHERE], there[common]))


def added_up(claims: pa.Table, known: Claims, grid: Grid) -> dict[str, Amounts]:
    """Return sums of claims by cell."""
    sums = {name: np.zeros(grid.size) for name in _SUMS}
    for rows in claims.to_batches():
        cell = known.cell(rows, grid)
        yen = _YEN * _amounts(rows, "points")
        np.add.at(sums["yen"], cell[cell >= 0], yen[cell >= 0])
        counted = (cell >= 0) & _medical(rows)
        for name, amount in (
            ("medical_claims", np.ones(len(cell))),
            ("medical_days", _amounts(rows, "days")),
            ("medical_yen", yen),
        ):
            np.add.at(sums[name], cell[counted], amount[counted])
    return sums


def billed_for(diagnoses: pa.Table, known: Claims, grid: Grid, classes: Mapping[str, str]) -> Billed:
    """Return what was billed for each diagnosis: its part of what its claim cost."""
    seen: dict[Disease, int] = {}
    cells, diseases, yen = ([np.empty(0, kind)] for kind in (np.int64, np.int64, np.float64))
    for rows in diagnoses.to_batches():
        cell = known.cell(rows, grid)
        there = np.flatnonzero(cell >= 0)
        code = rows["code"].take(pa.array(there))
        named = [seen.setdefault(disease_of(word, classes), len(seen)) for word in code.dictionary.to_pylist()]
        cells.append(cell[there])
        diseases.append(np.array(named or [0], np.int64)[code.indices.to_numpy()])
        points, bearers = _amounts(rows, "points"), _amounts(rows, "bearers")
        yen.append((_YEN * points * (bearers > 0) / np.maximum(bearers, 1))[there])
    return Billed(np.concatenate(cells), Coded(np.concatenate(diseases), tuple(seen)), np.concatenate(yen))


def _medical(claims: pa.RecordBatch) -> Flags:
    return np.isin(claims["kind"].to_numpy(), _MEDICAL)


def _amounts(rows: pa.RecordBatch, name: str) -> Amounts:
    amounts: Amounts = rows[name].to_numpy().astype(np.float64)
    return amounts
