"""What every part of one import needs."""

from dataclasses import dataclass

from .progress import Progress, Stage
from .report import ImportSummary
from .roster import Roster
from .session import Session


@dataclass(frozen=True)
class Run:
    """One import under way."""

    session: Session
    roster: Roster
    summary: ImportSummary
    progress: Progress

    def stage(self, name: str, total: int) -> Stage:
        """Begin a stage of which ``total`` things are to do."""
        return Stage(self.progress, name, total)
