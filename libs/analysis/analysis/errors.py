"""What is refused, and why. A reason follows from the question and the snapshot's month alone, never from anybody's data.

::

    AnalysisError
    ├── Refused             reason: one of REASONS
    ├── CohortRefused       reason: one of COHORT_REASONS
    ├── ExportUnusable      reason: what is wrong with a file that should have left by an export
    ├── ReferenceUnusable   reason: one sentence for whoever gave the file
    ├── ReportUnusable      reason: the same
    └── SnapshotUnusable    reason: one sentence for the operator
"""

from typing import Literal, get_args

Reason = Literal[
    "unknown-measure",
    "unknown-variable",
    "unknown-level",
    "unknown-year",
    "variable-twice",
    "too-many-variables",
    "too-many-attributes",
    "disease-mismatch",
    "stale-snapshot",
    "unknown-funnel",
    "not-comparable",
    "cohort-alone",
    "unknown-cohort",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
CohortReason = Literal[
    "unknown-variable", "unknown-level", "variable-twice", "not-a-population", "not-a-cohort", "known", "overlaps"
]
COHORT_REASONS: tuple[CohortReason, ...] = get_args(CohortReason)


class AnalysisError(Exception):
    """Anything that this package refuses."""


class Refused(AnalysisError):
    """A question that is not answered."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class CohortRefused(AnalysisError):
    """A cohort that cannot be asked, whatever anybody's data are."""

    def __init__(self, reason: CohortReason) -> None:
        super().__init__(reason)
        self.reason: CohortReason = reason


class SnapshotUnusable(AnalysisError):
    """A folder that is no snapshot of this version, or is not whole."""


class ExportUnusable(AnalysisError):
    """A file that is unmarked or altered."""


class ReferenceUnusable(AnalysisError):
    """A file that is no reference."""


class ReportUnusable(AnalysisError):
    """A file that is no report, or another version of one that was answered already."""


class BackendMissing(AnalysisError):
    """A backend of which something is not installed."""
