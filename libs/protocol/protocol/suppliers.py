"""Suppliers: to whose keys members' devices seal addresses, by two officers' word.

A list names suppliers with the key that opens what is sealed to them and the key that signs their calls. Two officers sign it; a
later list replaces the one before as a whole. Devices check it against the officers whom deployment.json pins, so no host can put a
key of its own in the place of a supplier's.
"""

from typing import Annotated

from pydantic import Field

from .encoding import lp, sha256
from .messages.base import Bytes32, XWingPublic
from .signed_lists import Entry, NumberedList, SignedList

_NOTICES = r"^(https://[a-z0-9.-]+|http://(127\.0\.0\.1|localhost))(:\d{1,5})?/[^?#\s]*$"


class Supplier(Entry):
    """One supplier."""

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


class SupplierList(NumberedList[Supplier]):
    """A numbered list of suppliers."""

    unique = ("id", "seal_key", "request_jkt")

    suppliers: Annotated[tuple[Supplier, ...], Field(max_length=200)]

    @property
    def entries(self) -> tuple[Supplier, ...]:
        """The suppliers."""
        return self.suppliers


class SignedSupplierList(SignedList[SupplierList]):
    """A list of suppliers as sent."""

    label = "suppliers"
    title = "a list of suppliers"

    @classmethod
    def kind(cls) -> type[SupplierList]:
        """Return what the bytes are read as."""
        return SupplierList
