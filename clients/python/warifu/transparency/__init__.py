"""The authorities' release logs, as anybody may check them: checkpoints, proofs, cosignatures, and what changed since last time."""

from .audit import AuditReport, audit
from .beginning import beginning
from .carrying import Checked, checked_log
from .known import KnownLogs
from .reading import Alarm

__all__ = ["Alarm", "AuditReport", "Checked", "KnownLogs", "audit", "beginning", "checked_log"]
