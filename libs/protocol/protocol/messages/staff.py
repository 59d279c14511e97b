"""What staff and officers say to a store about staff: the list of passkeys, and sessions."""

from typing import Annotated

from pydantic import Field

from protocol.deployment import B64
from protocol.names import StoreName
from protocol.staff import Role

from .base import Bytes32, Bytes64, Message
from .release import PasskeyEvidence


class PutStaffList(Message):
    """``PUT /staff/list``: the list that replaces the present one."""

    staff: B64
    """The list's exact bytes (:class:`protocol.staff.SignedStaffList`)."""
    signatures: Annotated[dict[str, Bytes64], Field(max_length=64)]
    """By officer id."""


class StaffEnrolment(Message):
    """What a colleague gives the registrar, in a file: a new passkey, and whom the gateway's tokens name at each store."""

    credential_id: Annotated[B64, Field(min_length=16, max_length=1023)]
    public_key: Annotated[B64, Field(max_length=1024)]
    """COSE_Key."""
    subjects: Annotated[dict[StoreName, Bytes32], Field(min_length=1)]


class StaffListHere(Message):
    """Which staff list a store goes by; nothing of what stands in it."""

    number: int
    """0 where there is none yet."""
    hash: Bytes32 | None
    """SHA-256 of its bytes."""


class OpenStaffSession(Message):
    """``POST /staff/sessions``, with the gateway's staff token and a DPoP proof."""

    statement: B64
    """Exact bytes of a :class:`protocol.staff.StaffStatement`."""
    evidence: PasskeyEvidence


class EndStaffSession(Message):
    """``POST /staff/logout``: the gateway's word that a sign-in is over."""

    logout_token: Annotated[str, Field(max_length=4096)]
    """A :class:`protocol.staff_logout.StaffLogout`, signed."""


class StaffSelf(Message):
    """``GET /staff/session``: as whom a store knows its caller."""

    passkey: str
    """What the officers' list calls the passkey that opened the session."""
    roles: tuple[Role, ...]


class StaffSessionOpened(Message):
    """A session is open for the DPoP key that asked."""

    roles: tuple[Role, ...]
    """In which calls are accepted: what both the officers' list and the gateway's token say."""
    expires: int
    """Seconds since the epoch, at the latest; the daily seal ends every session."""
