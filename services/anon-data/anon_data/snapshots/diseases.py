"""From codes of diagnoses to classes and groups: what somebody was treated for in a year, and what it cost."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.member_years import Disease
from chassis.config import ConfigError
from health.diseases import GROUPS, OTHER, group_of, group_of_class

from anon_data.snapshots.given_tables import read_rows

COLUMNS = ["code", "class"]
_CODE, _CLASS = re.compile(r"[0-9]{7}"), re.compile(r"[0-9]{4}")


def diseases(rows: Iterable[Mapping[str, Any]], classes: Mapping[str, str]) -> dict[Disease, float]:
    """Return yen by class and group; the class is None of codes that are said as their group, or not in the table."""
    found: dict[Disease, float] = {}
    for row in rows:
        number = classes.get(row["code"])
        if number is not None:
            disease = Disease(number, group_of_class(number))
        else:
            group = group_of(row["code"]) if _CODE.fullmatch(row["code"]) else row["code"]
            disease = Disease(None, group if group in GROUPS else OTHER)
        found[disease] = found.get(disease, 0) + float(row["yen"])
    return found


def read_classes(path: Path) -> dict[str, str]:
    """Read a table of diagnosis codes (7 digits) and their classes (4 digits); raise ConfigError with the first wrong line."""
    rows = read_rows(path, COLUMNS)
    for line, row in enumerate(rows, 2):
        if len(row) != len(COLUMNS) or not _CODE.fullmatch(row[0]) or not _CLASS.fullmatch(row[1]):
            raise ConfigError(f"{path}: line {line} is no code with its class")
    return dict(rows)
