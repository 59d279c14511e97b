"""From codes of diagnoses to classes and groups: what somebody was treated for."""

import re
from collections.abc import Mapping
from pathlib import Path

from analysis.member_years import Disease
from chassis.config import ConfigError
from health.diseases import GROUPS, OTHER, group_of, group_of_class

from anon_data.snapshots.given_tables import read_rows

COLUMNS = ["code", "class"]
_CODE, _CLASS = re.compile(r"[0-9]{7}"), re.compile(r"[0-9]{4}")


def disease_of(code: str, classes: Mapping[str, str]) -> Disease:
    """Return the class and group of a code; the class is None of codes that are said as their group, or not in the table."""
    number = classes.get(code)
    if number is not None:
        return Disease(number, group_of_class(number))
    group = group_of(code) if _CODE.fullmatch(code) else code
    return Disease(None, group if group in GROUPS else OTHER)


def read_classes(path: Path) -> dict[str, str]:
    """Read a table of diagnosis codes (7 digits) and their classes (4 digits); raise ConfigError with the first wrong line."""
    classes: dict[str, str] = {}
    for line, row in enumerate(read_rows(path, COLUMNS), 2):
        if len(row) != len(COLUMNS) or not _CODE.fullmatch(row[0]) or not _CLASS.fullmatch(row[1]):
            raise ConfigError(f"{path}: line {line} is no code with its class")
        if row[0] in classes:
            raise ConfigError(f"{path}: line {line} is a code that was there before")
        classes[row[0]] = row[1]
    return classes
