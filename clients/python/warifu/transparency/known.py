"""What an auditor keeps between two audits: for each log its size and root, the hashes it goes on from, and what was counted."""

from pathlib import Path

from protocol.deployment import B64
from protocol.names import AuthorityName
from protocol.release_log import Kind
from pydantic import BaseModel, ConfigDict


class KnownLog(BaseModel):
    """One log, as it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    root: B64
    edge: tuple[B64, ...]
    """Hashes of the complete subtrees it consists of (:func:`protocol.merkle.edge`)."""
    counted: dict[Kind, int]
    """Leaves of each kind up to there."""
    number: int = 1
    """Which of its authority's logs it is."""
    missed: dict[Kind, int] = {}
    """How many deeds the others had that this log lacked when it was first seen after it began anew."""
    note: str
    """The signed checkpoint: what a log that changed later is confronted with."""


class KnownLogs(BaseModel):
    """What the last audit found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    logs: dict[AuthorityName, KnownLog] = {}

    @classmethod
    def load(cls, path: Path) -> "KnownLogs":
        """Read a file; one that is not there knows nothing. Raises ValueError for anything else."""
        return cls.model_validate_json(path.read_bytes()) if path.exists() else cls()

    def save(self, path: Path) -> None:
        """Write the file in one step."""
        fresh = path.with_name(path.name + ".new")
        fresh.write_text(self.model_dump_json(indent=1), encoding="utf-8")
        fresh.replace(path)
