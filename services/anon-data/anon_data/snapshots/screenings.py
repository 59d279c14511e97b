"""Whether people took part in each cancer screening of a fiscal year."""

import numpy as np
import pyarrow as pa
from analysis.coded import Coded
from protocol.messages.screenings import SCREENINGS

from anon_data.snapshots.grid import Grid

_SAID = ("no", "yes", None)
_NO, _YES, _NOT_KNOWN = range(3)


def screened(screenings: pa.Table, grid: Grid, fewest: int) -> dict[str, Coded]:
    """Return `screening_...` yes or no, by cell; nothing of a screening in which fewer took part that year."""
    year, kind = (screenings[name].to_numpy().astype(np.int64) for name in ("fiscal_year", "kind"))
    cell = grid.cell(grid.person(screenings), year)
    found = {}
    for number, name in enumerate(SCREENINGS, 1):
        said = np.full((len(grid.birth_year), len(grid.years)), _NO)
        said.ravel()[cell[(kind == number) & (cell >= 0)]] = _YES
        said[:, (said == _YES).sum(axis=0) < fewest] = _NOT_KNOWN
        found[f"screening_{name}"] = Coded(said.ravel(), _SAID)
    return found
