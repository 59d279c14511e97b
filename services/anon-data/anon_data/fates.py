"""What becomes of a row that the registrar sends: stored anew, written over, or left as it is."""

from dataclasses import dataclass
from typing import Literal

Fate = Literal["inserted", "replaced", "resealed", "same"]
"""Of a ``resealed`` row the details alone are written."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a stored row without reading it."""

    content: bytes
    """SHA-256 over everything but the bytes of the details, which are sealed anew at random whenever they are sent."""
    details_hash: bytes | None
    """SHA-256 of the sealed details as they were sent."""


def fate(sent: Stored, stored: Stored | None) -> Fate:
    """Compare what was sent with what is there."""
    if stored is None:
        return "inserted"
    if sent.content != stored.content:
        return "replaced"
    return "same" if sent.details_hash == stored.details_hash else "resealed"
