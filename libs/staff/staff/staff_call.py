"""A call of somebody of the staff: first as presented, then as admitted."""

from dataclasses import dataclass

from protocol.staff import Role
from protocol.staff_logout import session_id


@dataclass(frozen=True)
class StaffCall:
    """Who calls: a passkey that two officers listed, in a session that it opened, with the gateway's word of today."""

    passkey: str
    """What the officers' list calls the passkey: a plain word."""
    roles: frozenset[Role]
    """What both the list and the gateway say."""
    subject: bytes = b""
    """The person at this store, whichever of their passkeys: pairwise, 32 bytes."""


@dataclass(frozen=True)
class Presented:
    """A call whose token and proof hold; whether the proof is new, and a session open, is still to be asked."""

    subject: bytes
    """Pairwise, of the gateway's token: 32 bytes."""
    roles: frozenset[Role]
    """What the gateway says."""
    jkt: bytes
    """Thumbprint of the DPoP key: 32 bytes."""
    proof_id: bytes
    issued_at: int
    """When the proof was made, in seconds since 1970."""

    @property
    def session(self) -> bytes:
        """What this subject's session with this key is known by: 32 bytes."""
        return session_id(self.jkt, self.subject)
