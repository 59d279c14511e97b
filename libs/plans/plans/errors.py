"""What is wrong with a file, or cannot be said.

::

    PlansError
    ├── FileUnusable   file, faults: each a field and a reason
    ├── YearUnknown    the plan has no such year
    └── NoReport       of a workplace: too small, or there is none; the same
"""

from dataclasses import dataclass
from pathlib import Path


class PlansError(Exception):
    """Anything that this package refuses."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where in a file, as ``problems[0].programmes[1].outcome.measure``, and why. Says nothing of what stood there."""

    field: str
    reason: str


class FileUnusable(PlansError):
    """A file that cannot be read as what it should be."""

    def __init__(self, file: Path, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{file}: {fault.field}: {fault.reason}" for fault in faults))
        self.file = file
        self.faults = faults


class YearUnknown(PlansError):
    """A fiscal year outside of the plan."""

    def __init__(self) -> None:
        super().__init__("the plan has no such fiscal year")


class NoReport(PlansError):
    """Of a workplace with fewer than fifty people in the year, and of one that does not exist."""

    def __init__(self) -> None:
        super().__init__("there is no report of this workplace and year")
