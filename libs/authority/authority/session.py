"""A member's call: first as presented, then as admitted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Session:
    """A call whose token and proof hold, whose proof is new, and whose session is not ended."""

    ref: bytes
    """The member's reference at this host, 16 bytes."""
    sid: bytes
    """The session's id at this host, 16 bytes."""
    jkt: bytes
    """Thumbprint of the session's DPoP key, 32 bytes."""


@dataclass(frozen=True)
class Presented:
    """A call whose token and proof hold; whether the proof is new and the session lasts is still to be asked."""

    session: Session
    proof_id: bytes
    """SHA-256 of the proof key's thumbprint and the proof's identifier."""
    issued_at: int
    """When the proof was made, in seconds since 1970."""
