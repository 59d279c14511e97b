"""How much of a fiscal year people were members: a file from the registrar, of a hundred people and more, of nobody alone."""

from collections.abc import Mapping
from pathlib import Path

from analysis.variables import variables
from chassis.config import ConfigError

from anon_data.snapshots.given_tables import read_rows

COLUMNS = ["fiscal_year", "workplace", "relation", "sex", "age", "percent"]
Cell = tuple[str, ...]


class Membership:
    """Per cent of a year's months by fiscal year, workplace, relation, sex and age band, where an empty word is anybody's."""

    def __init__(self, cells: Mapping[Cell, int] | None = None) -> None:
        self._cells = cells or {}

    def share(self, year: int, band: str, sex: str, relation: str, workplace: str) -> float:
        """Return the share that whoever is alike was a member for, of the finest cell there is; all of it where there is none."""
        named = str(year)
        finer = (named, workplace, relation, sex, band), (named, "", relation, sex, band)
        found = [cell for cell in (*finer, (named, "", relation, "", ""), (named, "", "", "", "")) if cell in self._cells]
        return self._cells[found[0]] / 100 if found else 1.0


def read_membership(path: Path) -> Membership:
    """Read the file; raise ConfigError with the first line that cannot be."""
    words = {name: set(variables()[name].rungs[0].levels or ()) | {""} for name in ("relation", "sex", "age")}
    cells: dict[Cell, int] = {}
    rows = read_rows(path, COLUMNS)
    for line, row in enumerate(rows, 2):
        said = dict(zip(COLUMNS, row, strict=False))
        known = len(row) == len(COLUMNS) and all(said[name] in allowed for name, allowed in words.items())
        if not known or not said["fiscal_year"].isdecimal() or not said["percent"].isdecimal() or int(said["percent"]) > 100:  # all
            raise ConfigError(f"{path}: line {line} is no cell")
        if tuple(row[:-1]) in cells:
            raise ConfigError(f"{path}: line {line} is a cell that was there before")
        cells[tuple(row[:-1])] = int(said["percent"])
    return Membership(cells)
