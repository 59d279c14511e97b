"""Staff: who may see what of the pseudonymous stores, by two officers' word, and how one of them opens a session there.

A staff list names passkeys, made at the staff's own portal, and for each store whose they are (the subject that the gateway tells
that store) and in which roles. Two officers sign it; a later list replaces the one before as a whole. A session is opened with a
statement, proved like a member's: its hash is the challenge that the passkey signs.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError, model_validator

from . import strict_json
from .deployment import B64
from .encoding import lp, sha256
from .jose import TokenRefused
from .messages.base import Bytes16, Bytes32
from .names import HostName, StoreName
from .signed_lists import Entry, NumberedList, SignedList
from .times import PROOF_LIFETIME, check_fresh

Role = Literal["analyst", "guidance", "office", "program-manager"]
"""What somebody of the staff may be at a store. Officers have none: they sign, and see nothing. `guidance` guides members, often
from outside, and knows them by token; nobody else of the staff reads tokens."""

ROLES: tuple[Role, ...] = get_args(Role)

SESSION_LIFETIME = 4 * 3600
"""Of a staff session, at the gateway as at a store, in seconds."""


class StaffRefused(Exception):
    """A statement or a token does not hold. The text is for logs, not for whoever sent it."""


class StaffGrant(BaseModel):
    """What one store lets somebody be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Bytes32
    """Whom the gateway's tokens for this store must name: pairwise, so it means nothing at the other one."""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class StaffPasskey(Entry):
    """One passkey of somebody of the staff (Web Authentication Level 3), made with user verification."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
    credential_id: Annotated[B64, Field(min_length=16, max_length=1023)]
    public_key: Annotated[B64, Field(max_length=1024)]
    """COSE_Key (RFC 9052 section 7)."""
    stores: Annotated[dict[StoreName, StaffGrant], Field(min_length=1)]

    def at(self, host: HostName) -> StaffGrant | None:
        """Return what a host lets its holder be; None where it lets them be nothing."""
        return next((grant for store, grant in self.stores.items() if store == host), None)


def passkey_print(credential_id: bytes, public_key: bytes) -> bytes:
    """Return what two people compare of a passkey by telephone: 16 bytes."""
    return sha256(lp("staff-print", credential_id, public_key))[:16]


class StaffList(NumberedList[StaffPasskey]):
    """A numbered list of passkeys."""

    unique = ("id", "credential_id", "public_key")

    passkeys: Annotated[tuple[StaffPasskey, ...], Field(max_length=500)]

    @property
    def entries(self) -> tuple[StaffPasskey, ...]:
        """The passkeys."""
        return self.passkeys

    @model_validator(mode="after")
    def _apart(self) -> Self:
        """Nobody analyses and guides, whichever passkey they take: who reads tokens counts what analysts are not shown."""
        roles: dict[tuple[StoreName, bytes], set[Role]] = {}
        for passkey in self.passkeys:
            for store, grant in passkey.stores.items():
                roles.setdefault((store, grant.subject), set()).update(grant.roles)
        if any({"analyst", "guidance"} <= of for of in roles.values()):
            raise ValueError("somebody is both analyst and guidance at a store")
        return self

    def passkey(self, credential_id: bytes) -> StaffPasskey | None:
        """Return the passkey with this credential id."""
        return next((passkey for passkey in self.passkeys if passkey.credential_id == credential_id), None)


class SignedStaffList(SignedList[StaffList]):
    """A staff list as sent."""

    label = "staff"
    title = "a staff list"

    @classmethod
    def kind(cls) -> type[StaffList]:
        """Return what the bytes are read as."""
        return StaffList


class _StatementContent(BaseModel):
    """What a statement says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    purpose: Literal["staff-session"] = "staff-session"
    origin: str
    iat: StrictInt
    nonce: Bytes16
    jkt: Bytes32


@dataclass(frozen=True)
class StaffStatement:
    """What a passkey signs to open a session: for one store, one DPoP key, now. Its bytes are hashed as received."""

    raw: bytes
    origin: str
    iat: int
    nonce: bytes
    jkt: bytes
    """Thumbprint of the session's DPoP key."""

    @property
    def h(self) -> bytes:
        """The WebAuthn challenge, 32 bytes."""
        return sha256(lp("staff-statement", self.raw))

    @classmethod
    def make(cls, origin: str, now: int, jkt: bytes) -> "StaffStatement":
        """Write a fresh statement for the store with this origin."""
        content = _StatementContent(origin=origin, iat=now, nonce=secrets.token_bytes(16), jkt=jkt)
        return cls.parse(json.dumps(content.model_dump(mode="json"), separators=(",", ":")).encode())

    @classmethod
    def parse(cls, raw: bytes) -> "StaffStatement":
        """Parse strictly, or raise :class:`StaffRefused`."""
        try:
            content = _StatementContent.model_validate(strict_json.loads_object(raw))
        except (ValueError, ValidationError):
            raise StaffRefused("not a staff statement") from None
        return cls(raw, content.origin, content.iat, content.nonce, content.jkt)

    def check(self, origin: str, now: int, jkt: bytes) -> None:
        """Raise :class:`StaffRefused` unless this is for the store with this origin, this DPoP key, and fresh."""
        if self.origin != origin:
            raise StaffRefused("a statement for another host")
        if self.jkt != jkt:
            raise StaffRefused("a statement for another DPoP key")
        try:
            check_fresh(self.iat, now, PROOF_LIFETIME)
        except TokenRefused as error:
            raise StaffRefused("a statement that is not fresh") from error
