"""Suppliers: to whose keys members' devices seal addresses, by two officers' word.

A list names suppliers with the key that opens what is sealed to them and the key that signs their calls. Two officers sign it; a
later list replaces the one before as a whole. Devices check it against the officers whom deployment.json pins, so no host can put a
key of its own in the place of a supplier's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator

from . import strict_json
from .deployment import OfficerList
from .encoding import lp, sha256
from .messages.base import Bytes32, XWingPublic
from .officers import FEWEST
from .signing import SignatureRefused, SigningKey, verify

_NOTICES = r"^(https://[a-z0-9.-]+|http://(127\.0\.0\.1|localhost))(:\d{1,5})?/[^?#\s]*$"


class SuppliersRefused(Exception):
    """A list of suppliers does not hold."""


class Supplier(BaseModel):
    """One supplier."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    seal_key: XWingPublic
    """X-Wing public key to which addresses are sealed."""
    request_jkt: Bytes32
    """Thumbprint of the P-256 key with which the supplier signs every call."""
    notices: Annotated[str, Field(max_length=500, pattern=_NOTICES)] | None = None
    """Where programs says that an order changed (:mod:`protocol.notices`); absent for who only asks."""

    @property
    def key_id(self) -> bytes:
        """What the key that addresses are sealed to is known by: 16 bytes."""
        return sha256(lp("supplier-key", self.seal_key))[:16]


class SupplierList(BaseModel):
    """A numbered list of suppliers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Annotated[StrictInt, Field(ge=1, lt=2**31)]
    officers: Annotated[StrictInt, Field(ge=1, lt=2**31)]
    """Number of the officers' list of which two sign it."""
    suppliers: Annotated[tuple[Supplier, ...], Field(max_length=200)]

    @model_validator(mode="after")
    def _different(self) -> Self:
        for what in ("id", "seal_key", "request_jkt"):
            if len({getattr(one, what) for one in self.suppliers}) != len(self.suppliers):
                raise ValueError("two suppliers have the same id or key")
        return self

    def named(self, supplier: str) -> Supplier | None:
        """Return the supplier of this id."""
        return next((one for one in self.suppliers if one.id == supplier), None)


class _Content(SupplierList):
    """What is signed of a list."""

    v: Literal[1] = 1
    origins: tuple[str, ...]


@dataclass(frozen=True)
class SignedSupplierList:
    """A list as sent: its exact bytes, and signatures by officer id."""

    raw: bytes
    signatures: dict[str, bytes]

    @classmethod
    def draft(cls, listed: SupplierList, origins: Iterable[str]) -> "SignedSupplierList":
        """Return the list's bytes, not yet signed."""
        content = _Content(origins=tuple(sorted(origins, key=str.encode)), **dict(listed))
        return cls(content.model_dump_json(exclude_none=True).encode(), {})

    def signed_by(self, officer_id: str, key: SigningKey) -> "SignedSupplierList":
        """Return a copy that also carries this officer's signature."""
        return SignedSupplierList(self.raw, {**self.signatures, officer_id: key.sign(lp("suppliers", self.raw))})

    def read(self, origins: Iterable[str]) -> SupplierList:
        """Return what the bytes say, whoever signed them; raise :class:`SuppliersRefused` when it is no list for these origins."""
        try:
            content = _Content.model_validate(strict_json.loads_object(self.raw))
        except ValueError:
            raise SuppliersRefused("not a list of suppliers") from None
        if list(content.origins) != sorted(origins, key=str.encode):
            raise SuppliersRefused("a list of suppliers for other origins")
        return SupplierList(number=content.number, officers=content.officers, suppliers=content.suppliers)

    def check(self, officers: OfficerList, origins: Iterable[str]) -> SupplierList:
        """Return the list when two of these officers, whose list it names, signed it, and nobody else did."""
        listed = self.read(origins)
        if listed.officers != officers.number:
            raise SuppliersRefused("a list of suppliers under another officers' list")
        for officer_id, signature in self.signatures.items():
            key = officers.key_of(officer_id)
            if key is None:
                raise SuppliersRefused("signed by somebody who is not an officer")
            try:
                verify(key, signature, lp("suppliers", self.raw))
            except SignatureRefused as error:
                raise SuppliersRefused("an officer's signature does not verify") from error
        # Keys are unique within an officers' list, so two ids are two keys.
        if len(self.signatures) < FEWEST:
            raise SuppliersRefused("two officers must sign")
        return listed
