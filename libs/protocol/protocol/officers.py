"""The officers' lists: deployment.json pins one, and each later one is signed by two officers of the one before.

Whoever signs a list must stand in it unchanged and must have stood in the one before: an officer is added and removed by two
others, never by themselves. A list is for the origins it names, so that one deployment's list says nothing in another.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator

from . import strict_json
from .deployment import Officer, OfficerList
from .encoding import lp
from .jose import TokenRefused
from .messages.base import Bytes16
from .signing import SignatureRefused, SigningKey, verify
from .times import PROOF_LIFETIME, check_fresh

FEWEST = 2
"""Officers that a list has at least, because two must sign."""

Action = Literal["list", "close"]


class OfficersRefused(Exception):
    """A list does not follow the one before it, or an officer's request does not hold."""


class OfficersBehind(OfficersRefused):
    """Lists between the known one and this one are missing here."""


class _Content(BaseModel):
    """What is signed of a list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    number: Annotated[StrictInt, Field(ge=1, lt=2**31)]
    origins: tuple[str, ...]
    officers: tuple[Officer, ...]


@dataclass(frozen=True)
class SignedOfficerList:
    """A list as sent: its exact bytes, and signatures by officer id."""

    raw: bytes
    signatures: dict[str, bytes]

    @classmethod
    def draft(cls, officers: OfficerList, origins: Iterable[str]) -> "SignedOfficerList":
        """Return the list's bytes, not yet signed."""
        ordered = tuple(sorted(origins, key=str.encode))
        return cls(_Content(number=officers.number, origins=ordered, officers=officers.officers).model_dump_json().encode(), {})

    def signed_by(self, officer_id: str, key: SigningKey) -> "SignedOfficerList":
        """Return a copy that also carries this officer's signature."""
        return SignedOfficerList(self.raw, {**self.signatures, officer_id: key.sign(lp("officers", self.raw))})

    def read(self, origins: Iterable[str]) -> OfficerList:
        """Return what the bytes say, whoever signed them; raise :class:`OfficersRefused` when it is no list for these origins."""
        try:
            content = _Content.model_validate(strict_json.loads_object(self.raw))
            listed = OfficerList(number=content.number, officers=content.officers)
        except ValueError:
            raise OfficersRefused("not an officers' list") from None
        if list(content.origins) != sorted(origins, key=str.encode):
            raise OfficersRefused("a list for other origins")
        if len(listed.officers) < FEWEST:
            raise OfficersRefused("fewer than two officers would remain")
        return listed

    def check(self, current: OfficerList, origins: Iterable[str]) -> OfficerList:
        """Return the list when it follows ``current``: two officers signed it whose entries are the same in both."""
        listed = self.read(origins)
        if listed.number > current.number + 1:
            raise OfficersBehind("lists in between are missing")
        if listed.number != current.number + 1:
            raise OfficersRefused("not the next number")
        for officer_id, signature in self.signatures.items():
            key = current.key_of(officer_id)
            if key is None or listed.key_of(officer_id) != key:
                raise OfficersRefused("signed by somebody who is not an officer before and after")
            try:
                verify(key, signature, lp("officers", self.raw))
            except SignatureRefused as error:
                raise OfficersRefused("an officer's signature does not verify") from error
        # Keys are unique within a list, so two ids are two keys.
        if len(self.signatures) < FEWEST:
            raise OfficersRefused("two officers must sign")
        return listed


def follow(pinned: OfficerList, later: Iterable[SignedOfficerList], origins: Iterable[str]) -> OfficerList:
    """Return the newest list of a chain that begins with the pinned one; raise :class:`OfficersRefused` at the first gap."""
    current, where = pinned, tuple(origins)
    for signed in later:
        current = signed.check(current, where)
    return current


class OfficerRequest(BaseModel):
    """What one officer asks of one host: to list its open windows, or to close one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    action: Action
    origin: str
    """The one host that is asked."""
    window: Bytes16 | None = None
    """For ``close`` alone."""
    iat: StrictInt
    nonce: Bytes16

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.window is not None) != (self.action == "close"):
            raise ValueError("a window is named for closing, and for nothing else")
        return self


@dataclass(frozen=True)
class SignedOfficerRequest:
    """An officer's request as sent: its exact bytes, whose it is, and the signature."""

    raw: bytes
    officer: str
    signature: bytes

    @classmethod
    def make(cls, officer: Officer, key: SigningKey, origin: str, now: int, close: bytes | None = None) -> "SignedOfficerRequest":
        """Return a request to list the windows of the host with this origin, or to close the one named."""
        content = {"v": 1, "action": "close" if close else "list", "origin": origin, "iat": now}
        named = {"window": close} if close else {}
        request = OfficerRequest.model_validate({**content, **named, "nonce": secrets.token_bytes(16)})
        raw = json.dumps(request.model_dump(mode="json", exclude_none=True), separators=(",", ":")).encode()
        return cls(raw, officer.id, key.sign(lp("officer-request", raw)))

    def check(self, officers: OfficerList, origin: str, now: int) -> OfficerRequest:
        """Return the request when a current officer made it for this origin just now; its nonce counts once for the caller."""
        try:
            request = OfficerRequest.model_validate(strict_json.loads_object(self.raw))
            check_fresh(request.iat, now, PROOF_LIFETIME)
        except (ValueError, TokenRefused):
            raise OfficersRefused("not a fresh request") from None
        key = officers.key_of(self.officer)
        if key is None:
            raise OfficersRefused("not a current officer")
        try:
            verify(key, self.signature, lp("officer-request", self.raw))
        except SignatureRefused as error:
            raise OfficersRefused("an officer's signature does not verify") from error
        if request.origin != origin:
            raise OfficersRefused("a request to another host")
        return request
