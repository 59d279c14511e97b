"""Snapshots for tests, in folders of their own, and engines on them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis import ANALYST, Answer, MemberYear, Policy, Question, newest
from analysis.engine import Engine
from analysis.making import LIMITS, Limits, make_snapshot

YEAR = 2025


def engine(
    rows: Iterable[MemberYear], folder: Path, policy: Policy = ANALYST, limits: Limits = LIMITS, month: str = "2026-11"
) -> Engine:
    """Make a snapshot, rounded by a key that is the same in every run, and open it."""
    folder.mkdir(exist_ok=True)
    (folder / ".rounding-key").write_bytes(bytes(range(32)))
    make_snapshot(rows, folder, month, limits)
    return Engine(newest(folder), policy)


def counted(answer: Answer) -> dict[tuple[str, ...], int | None]:
    """Return what was counted by the levels of each group."""
    return {cell.levels: cell.counted for cell in answer.cells}


def smokers(engine: Engine, by: Sequence[str] = (), where: Sequence[tuple[str, str]] = ()) -> dict[tuple[str, ...], int | None]:
    return counted(engine.ask(Question("smoking", YEAR, tuple(by), tuple(where))))
