"""The newest snapshot, asked by analysts. Loads what analyses with the first question, and a newer snapshot when there is one."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from analysis import ANALYST, EMPLOYER, Answer, Question, SnapshotUnusable, months, newest
from analysis.marks import export_key

if TYPE_CHECKING:
    from analysis.engine import Engine


class Analysts:
    """Answers from one folder of snapshots. May be asked from several threads; what it reads is read by one at a time."""

    def __init__(self, shelf: Path | None) -> None:
        """Open nothing yet."""
        self._shelf = shelf
        self._engines: dict[bool, Engine] = {}
        self._turn = Lock()

    def ask(self, question: Question, *, employer: bool) -> Answer:
        """Answer a question; raise Refused, or SnapshotUnusable where there is no snapshot."""
        with self._turn:
            return self._engine(employer=employer).ask(question)

    def asking(self, *, employer: bool) -> Engine:
        """Return what answers, for more questions than one about the same snapshot; raise SnapshotUnusable."""
        with self._turn:
            return self._engine(employer=employer)

    def export_key(self) -> bytes:
        """Return the key that seals files that leave; raise SnapshotUnusable, or OSError where it cannot be made."""
        if self._shelf is None or not self._shelf.is_dir():
            raise SnapshotUnusable("there is no folder of snapshots")
        return export_key(self._shelf)

    def _engine(self, *, employer: bool) -> Engine:
        from analysis.engine import Engine  # noqa: PLC0415  # loads DuckDB

        if self._shelf is None or not self._shelf.is_dir():
            raise SnapshotUnusable("there is no folder of snapshots")
        held = self._engines.get(employer)
        if held is None or held.snapshot.month != next(months(self._shelf), None):
            held = self._engines[employer] = Engine(newest(self._shelf), EMPLOYER if employer else ANALYST)
        return held
