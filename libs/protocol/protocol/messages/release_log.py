"""What is asked of an authority's release log. All but a member's openings is public."""

from typing import Annotated

from pydantic import Field, StrictInt

from protocol.deployment import B64
from protocol.release_log import SLOT_BYTES, SLOTS_BYTES, Kind

from .base import Bytes32, Message

PATHS = 256
"""Leaves that one call asks proofs for, at most."""
LEAVES = 1000
"""Leaves that one call reads, at most."""

Position = Annotated[StrictInt, Field(ge=0, lt=2**62)]
Path = Annotated[tuple[Bytes32, ...], Field(max_length=128)]
Slot = Annotated[B64, Field(min_length=SLOT_BYTES, max_length=SLOT_BYTES)]


class Openings(Message):
    """``GET /log/openings``: what only the member's log key opens."""

    slots: Annotated[B64, Field(max_length=SLOTS_BYTES)]
    """64 slots joined, the oldest first, used or not; empty while there is no log key."""
    fresh: tuple[Slot, ...]
    """Entries since the last seal."""


class SignedCheckpoint(Message):
    """``GET /log/checkpoint``: the newest one, as a signed note (:mod:`protocol.checkpoint`) with the cosignatures it has."""

    note: Annotated[str, Field(max_length=8192)]


class LogLeaf(Message):
    """One leaf."""

    kind: Kind
    commitment: Bytes32


class LogLeaves(Message):
    """``GET /log/leaves``: leaves in their order."""

    leaves: tuple[LogLeaf, ...]


class Inclusion(Message):
    """``POST /log/inclusion``: ask for the paths of leaves in the tree of a size (RFC 9162 section 2.1.3)."""

    size: Position
    indexes: Annotated[tuple[Position, ...], Field(max_length=PATHS)]


class InclusionPaths(Message):
    """The paths, as they were asked for."""

    paths: tuple[Path, ...]


class Consistency(Message):
    """``GET /log/consistency``: the proof that one tree begins another (RFC 9162 section 2.1.4)."""

    path: Path


class Witnessed(Message):
    """``GET /log/witnessed/{host}``: the size up to which this authority cosigned another's log; 0 for nothing yet."""

    size: Position


class Vouched(Message):
    """``GET /log/witnessed/{host}/checkpoint``: that checkpoint with this authority's cosignature, and no other signature.

    A log that begins anew, because its authority was restored from an older state, carries it over.
    """

    note: Annotated[str, Field(max_length=8192)]


class Cosign(Message):
    """``POST /log/cosignatures``: ask for a cosignature of another authority's checkpoint."""

    note: Annotated[str, Field(max_length=8192)]
    before: Position
    """The size that was cosigned last."""
    path: Path
    """From there to this checkpoint; empty where nothing was cosigned yet."""


class Cosigned(Message):
    """The cosignature, a line of a signed note. ``PUT /log/cosignatures`` takes such lines to the log that they are about."""

    line: Annotated[str, Field(max_length=1024)]


class Deliver(Message):
    """``PUT /log/cosignatures``: lines of other authorities about the checkpoint of this size."""

    size: Position
    lines: Annotated[tuple[Annotated[str, Field(max_length=1024)], ...], Field(max_length=4)]
