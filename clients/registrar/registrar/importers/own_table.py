"""Tables whose layout is this project's own: a header line with the Japanese or the English names, in any order and no others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .report import Rejected
from .tables import TableError, head_of, lines_of
from .text import fold, has_controls


@dataclass(frozen=True)
class OwnTable:
    """One layout: its word for places, its columns (header = English name), and which of them must be there."""

    where: str
    columns: Mapping[str, str]
    needed: Sequence[str]

    def sniff(self, path: Path) -> bool:
        """Whether the first line names all that is needed, and nothing that the layout does not have."""
        return any(self._report(self._names(cells), 1) is None for cells in head_of(path, 1))

    def lines(self, path: Path) -> Iterator[tuple[int, dict[str, str]] | Rejected]:
        """Yield each line's number and its folded cells by English name ("" where there is none), or a report."""
        names: list[str | None] = []
        try:
            for line, cells in lines_of(path):
                if not names:
                    names = self._names(cells)
                    if report := self._report(names, line):
                        yield report
                        return
                elif len(cells) != len(names):
                    yield Rejected(self.where, line, "cells-mismatch")
                elif any(has_controls(cell) for cell in cells):
                    yield Rejected(self.where, line, "control-character")
                else:
                    said = {name: fold(cell) for name, cell in zip(names, cells, strict=True) if name}
                    yield line, dict.fromkeys(self.columns.values(), "") | said
        except TableError as problem:
            yield Rejected(self.where, problem.line, problem.code)
            return
        if not names:
            yield Rejected(self.where, None, "table-empty")

    def _names(self, cells: Sequence[str]) -> list[str | None]:
        known = {**self.columns, **{name: name for name in self.columns.values()}}
        return [known.get(fold(cell)) for cell in cells]

    def _report(self, names: Sequence[str | None], line: int) -> Rejected | None:
        missing = [name for name in self.needed if name not in names]
        if missing or None in names:
            return Rejected(self.where, line, "columns-missing", ", ".join(missing))
        return Rejected(self.where, line, "columns-repeated") if len(set(names)) != len(names) else None
