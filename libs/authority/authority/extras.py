"""What a host does beside what all authorities do."""

from collections.abc import Sequence
from typing import Protocol, TypedDict

from chassis.database import Transaction
from protocol.messages.enrolment import Enrolment
from protocol.release import SealedRecord, VersionedBundle

from .errors import PairwiseRefused


class PartExtras(TypedDict, total=False):
    """What a host adds to the part it releases."""

    bundles: tuple[VersionedBundle, ...]
    record: SealedRecord
    updates: tuple[bytes, ...]


class Extras(Protocol):
    """Subclass it and replace what the host does differently; each method runs inside the transaction of the call."""

    async def enrol(self, _tx: Transaction, rows: Sequence[Enrolment], /) -> None:
        """Keep what a row of an enrolment says beside its verifiers. Only the gateway may be told other hosts' references."""
        if told := [index for index, row in enumerate(rows) if row.pairwise is not None]:
            raise PairwiseRefused(rows=told)

    async def parts(self, _tx: Transaction, _ref: bytes, _current: int, _pending: int | None, /) -> PartExtras:
        """Return what is added to a released part, for the current version and the one being rotated to, if any."""
        return {}

    async def committed(self, _tx: Transaction, _ref: bytes, _version: int, _bundle_hash: bytes, /) -> None:
        """Check and tidy up when a version becomes the current one; raising keeps the version before it."""
        return

    async def ended(self, _tx: Transaction, _refs: Sequence[bytes], _now: int, /) -> None:
        """End every session that the host itself keeps of these members."""
        return

    async def erased(self, _tx: Transaction, _refs: Sequence[bytes], /) -> None:
        """Delete what the host keeps of these members; their account goes afterwards."""
        return


class NoExtras(Extras):
    """A host that adds nothing."""
