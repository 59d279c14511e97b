"""What a comparison says: a table, as on a terminal, in a spreadsheet and on the wire, and notes that must be read with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Protocol

from analysis.answers import Answer
from analysis.definitions import read
from analysis.policy import Policy
from analysis.questions import Question
from analysis.sheets import Entry, Sheet


class Asks(Protocol):
    """What answers questions. Comparisons have nothing else: what is hidden from an analyst is hidden from them."""

    policy: Policy

    def ask(self, question: Question) -> Answer:
        """Return the answer; raise Refused."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below named columns. `definition` and `version`: of the measure or funnel; `notes`: names of `notes`."""

    snapshot: str
    definition: str
    version: int
    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    notes: tuple[str, ...] = ()

    def sheet(self) -> Sheet:
        """Return the table with what it is of, and the notes in both languages; what is not shown is None."""
        said = (self.snapshot, self.definition, self.version)
        texts = [f"{name}: {notes()[name][language]}" for name in self.notes for language in ("en", "ja")]
        return Sheet(("snapshot", "definition", "version", *self.columns), tuple((*said, *row) for row in self.rows), tuple(texts))

    def csv(self) -> str:
        """Return the table alone; what is not shown is empty."""
        return self.sheet().csv()


class Comparison(Protocol):
    """Something that is compared."""

    def told(self, engine: Asks) -> Table:
        """Return what answers say of it; raise Refused."""
        ...


@cache
def notes() -> Mapping[str, Mapping[str, str]]:
    """Return the text of every note in both languages, by its name."""
    return MappingProxyType({name: entry["text"] for name, entry in read("notes")})
