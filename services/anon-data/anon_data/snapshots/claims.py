"""What claims of a fiscal year add up to, and what each was billed for."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from analysis.coded import Coded, Flags, Numbers, each
from analysis.columns import Billed

from anon_data.snapshots.diseases import disease_of
from anon_data.snapshots.grid import Grid, fiscal_years, months

Amounts = npt.NDArray[np.float64]
_MEDICAL = (1, 2)
_YEN = 10


@dataclass(frozen=True, slots=True)
class Claims:
    """A row for each claim, whoever's it is; `row` is one of its rows among the diagnoses."""

    row: Numbers
    person: Numbers
    month: Numbers
    medical: Flags

    @property
    def until(self) -> int | None:
        """The latest month of which there are claims."""
        return int(self.month.max()) if len(self.month) else None

    def months_of_years(self) -> dict[int, int]:
        """Return of each fiscal year in how many months there are claims."""
        there = np.unique(self.month)
        years, counts = np.unique(fiscal_years(there), return_counts=True)
        return dict(zip(years.tolist(), counts.tolist(), strict=True))


def claims_of(billed: pa.Table, grid: Grid) -> Claims:
    """Return the claims of diagnoses."""
    claim = _claim(billed)
    row = np.empty(claim.max(initial=-1) + 1, np.int64)
    row[claim] = np.arange(len(claim))
    return Claims(row, grid.person(billed)[row], months(billed["month"])[row], np.isin(billed["kind"].to_numpy()[row], _MEDICAL))


def sums(claims: Claims, billed: pa.Table, cell: Numbers, size: int) -> dict[str, Amounts]:
    """Return amounts by cell; `cell` is that of each claim."""
    here = np.flatnonzero(cell >= 0)
    at, row, medical = cell[here], claims.row[here], claims.medical[here]
    yen = _YEN * billed["points"].to_numpy()[row].astype(np.float64)
    days = billed["days"].to_numpy()[row].astype(np.float64)

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
    claim = _claim(billed)
    there = np.flatnonzero(billed["code"].is_valid().to_numpy() & (cell >= 0)[claim])
    number = claim[there]
    main = billed["main"].take(pa.array(there)).to_numpy()
    codes, mains = (np.bincount(of, minlength=len(claims.row))[number] for of in (number, number[main]))
    bearing = np.where(mains > 0, mains, codes)
    yen = np.where(main | (mains == 0), _YEN * billed["points"].to_numpy()[there] / bearing, 0.0)
    code = Coded.of_arrow(billed["code"]).at(there)
    return Billed(cell[number], each(lambda one: disease_of(one, classes), code), yen)


def _claim(billed: pa.Table) -> Numbers:
    numbers: Numbers = billed["claim"].to_numpy().astype(np.int64) - 1
    return numbers
