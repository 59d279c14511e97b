"""Staff: who may see what of the pseudonymous stores, by two officers' word, and how one of them opens a session there.

A staff list names passkeys, made at the staff's own portal, and for each store whose they are (the subject that the gateway tells
that store) and in which roles. Two officers sign it; a later list replaces the one before as a whole. A session is opened with a
statement, proved like a member's: its hash is the challenge that the passkey signs.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError, model_validator

from . import strict_json
from .deployment import B64, OfficerList
from .encoding import lp, sha256
from .jose import TokenRefused
from .messages.base import Bytes16, Bytes32
from .names import HostName, StoreName
from .officers import FEWEST
from .signing import SignatureRefused, SigningKey, verify
from .times import PROOF_LIFETIME, check_fresh

Role = Literal["analyst", "office", "program-manager"]
"""What somebody of the staff may be at a store. Officers have none: they sign, and see nothing."""

ROLES: tuple[Role, ...] = get_args(Role)

SESSION_LIFETIME = 4 * 3600
"""Of a staff session, at the gateway as at a store, in seconds."""


class StaffRefused(Exception):
    """A staff list, a statement or a token does not hold. The text is for logs, not for whoever sent it."""


class StaffGrant(BaseModel):
    """What one store lets somebody be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Bytes32
    """Whom the gateway's tokens for this store must name: pairwise, so it means nothing at the other one."""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class StaffPasskey(BaseModel):
    """One passkey of somebody of the staff (Web Authentication Level 3), made with user verification."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
    """A plain word, because it is shown at terminals."""
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


class StaffList(BaseModel):
    """A numbered list of passkeys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Annotated[StrictInt, Field(ge=1, lt=2**31)]
    officers: Annotated[StrictInt, Field(ge=1, lt=2**31)]
    """Number of the officers' list of which two sign it."""
    passkeys: Annotated[tuple[StaffPasskey, ...], Field(max_length=500)]

    @model_validator(mode="after")
    def _different(self) -> Self:
        for what in ("id", "credential_id", "public_key"):
            if len({getattr(passkey, what) for passkey in self.passkeys}) != len(self.passkeys):
                raise ValueError("two passkeys have the same id or key")
        return self

    def passkey(self, credential_id: bytes) -> StaffPasskey | None:
        """Return the passkey with this credential id."""
        return next((passkey for passkey in self.passkeys if passkey.credential_id == credential_id), None)

    def named(self, passkey_id: str) -> StaffPasskey | None:
        """Return the passkey that is called so."""
        return next((passkey for passkey in self.passkeys if passkey.id == passkey_id), None)


class _Content(StaffList):
    """What is signed of a list."""

    v: Literal[1] = 1
    origins: tuple[str, ...]


@dataclass(frozen=True)
class SignedStaffList:
    """A list as sent: its exact bytes, and signatures by officer id."""

    raw: bytes
    signatures: dict[str, bytes]

    @classmethod
    def draft(cls, listed: StaffList, origins: Iterable[str]) -> "SignedStaffList":
        """Return the list's bytes, not yet signed."""
        content = _Content(origins=tuple(sorted(origins, key=str.encode)), **dict(listed))
        return cls(content.model_dump_json().encode(), {})

    def signed_by(self, officer_id: str, key: SigningKey) -> "SignedStaffList":
        """Return a copy that also carries this officer's signature."""
        return SignedStaffList(self.raw, {**self.signatures, officer_id: key.sign(lp("staff", self.raw))})

    def read(self, origins: Iterable[str]) -> StaffList:
        """Return what the bytes say, whoever signed them; raise :class:`StaffRefused` when it is no list for these origins."""
        try:
            content = _Content.model_validate(strict_json.loads_object(self.raw))
        except ValueError:
            raise StaffRefused("not a staff list") from None
        if list(content.origins) != sorted(origins, key=str.encode):
            raise StaffRefused("a staff list for other origins")
        return StaffList(number=content.number, officers=content.officers, passkeys=content.passkeys)

    def check(self, officers: OfficerList, origins: Iterable[str]) -> StaffList:
        """Return the list when two of these officers, whose list it names, signed it, and nobody else did."""
        listed = self.read(origins)
        if listed.officers != officers.number:
            raise StaffRefused("a staff list under another officers' list")
        for officer_id, signature in self.signatures.items():
            key = officers.key_of(officer_id)
            if key is None:
                raise StaffRefused("signed by somebody who is not an officer")
            try:
                verify(key, signature, lp("staff", self.raw))
            except SignatureRefused as error:
                raise StaffRefused("an officer's signature does not verify") from error
        # Keys are unique within an officers' list, so two ids are two keys.
        if len(self.signatures) < FEWEST:
            raise StaffRefused("two officers must sign")
        return listed


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
