"""Tables that the operator gives to a snapshot: CSV in UTF-8 with one line of titles."""

import csv
from collections.abc import Sequence
from pathlib import Path

from chassis.config import ConfigError


def read_rows(path: Path, columns: Sequence[str]) -> list[list[str]]:
    """Return the rows after the titles, the first of them line 2; raise ConfigError where there is no such table."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, ValueError, csv.Error):
        raise ConfigError(f"{path}: cannot be read as a table in UTF-8") from None
    if not rows or rows[0] != columns:
        raise ConfigError(f"{path}: should begin with {','.join(columns)}")
    return rows[1:]
