"""Whether people took part in each cancer screening of a fiscal year."""

import numpy as np
import pyarrow as pa
from analysis.coded import Coded
from protocol.messages.screenings import SCREENINGS

from anon_data.snapshots.grid import Grid

_SAID = ("no", "yes", None)


def screened(screenings: pa.Table, grid: Grid) -> dict[str, Coded]:
    """Return `screening_...` yes or no, by cell; nothing of a screening of which nobody is known to have taken part that year."""
    year, kind = (screenings[name].to_numpy().astype(np.int64) for name in ("fiscal_year", "kind"))
    cell = grid.cell(grid.person(screenings), year)
    found = {}
    for number, name in enumerate(SCREENINGS, 1):
        known = np.where(np.isin(grid.years, year[kind == number]), _SAID.index("no"), _SAID.index(None))
        said = np.tile(known, len(grid.birth_year))
        said[cell[(kind == number) & (cell >= 0)]] = _SAID.index("yes")
        found[f"screening_{name}"] = Coded(said, _SAID)
    return found
