"""Questions about a snapshot of health records, answered without showing a person.

``analysis.engine.Engine(analysis.newest(shelf)).ask(Question("smoking", by=("sex",)))``. What is imported here is light:
DuckDB and Ibis come with `analysis.engine`, pyarrow with `analysis.making`.
"""

from .answers import Answer, Cell, Mark
from .errors import REASONS, AnalysisError, Reason, Refused, SnapshotUnusable
from .measures import Measure, Ratio, Share, measures
from .member_years import MemberYear
from .policy import ANALYST, EMPLOYER, Policy
from .questions import Question
from .snapshots import Manifest, Snapshot, months, newest, open_snapshot
from .variables import UNKNOWN, Rung, Variable, variables

__all__ = [
    "ANALYST",
    "EMPLOYER",
    "REASONS",
    "UNKNOWN",
    "AnalysisError",
    "Answer",
    "Cell",
    "Manifest",
    "Mark",
    "Measure",
    "MemberYear",
    "Policy",
    "Question",
    "Ratio",
    "Reason",
    "Refused",
    "Rung",
    "Share",
    "Snapshot",
    "SnapshotUnusable",
    "Variable",
    "measures",
    "months",
    "newest",
    "open_snapshot",
    "variables",
]
