"""How an import tells how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with a stage, how many are done and how many there are."""


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


class Stage:
    """Counts one stage up."""

    def __init__(self, progress: Progress, name: str, total: int) -> None:
        self._progress, self._name, self._total, self._done = progress, name, total, 0
        progress(name, 0, total)

    def add(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        self._progress(self._name, self._done, self._total)
