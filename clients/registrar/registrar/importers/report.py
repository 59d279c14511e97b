"""What reading a file yields: accepted rows, and reports that say where and why without saying what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from .codes import CODES, Scope

Row_co = TypeVar("Row_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Accepted(Generic[Row_co]):
    """One row. `file` is a fixed word or `DATA[000123]` (the position in the archive's directory, from 1), never a file name."""

    file: str
    line: int | None
    row: Row_co = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rejected:
    """One report. `about` adds words from this project's own tables (column names, item codes) or a number, never input.

    `scope` says what was lost: the whole `file`, a `row` (one person's record), one `item` of a kept row, or nothing (`note`).
    """

    file: str
    line: int | None
    code: str
    about: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError("this report code is not in the table of codes")

    @property
    def scope(self) -> Scope:
        """What was lost."""
        return CODES[self.code].scope

    @property
    def reason(self) -> str:
        """The sentence to show."""
        sentence = CODES[self.code].reason
        return f"{sentence}: {self.about}" if self.about else sentence


@dataclass(frozen=True, slots=True)
class Importer(Generic[Row_co]):
    """One format: `sniff` looks at the content alone, `read` yields rows and reports in file order."""

    name: str
    sniff: Callable[[Path], bool]
    read: Callable[[Path], Iterator[Accepted[Row_co] | Rejected]]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A dry run's outcome. `importer` is None when no importer recognised the file."""

    importer: str | None
    accepted: int
    reports: tuple[Rejected, ...]
    counts: Mapping[str, int]

    @property
    def clean(self) -> bool:
        """Whether nothing at all would be lost; notes do not count."""
        return all(report.scope == "note" for report in self.reports)
