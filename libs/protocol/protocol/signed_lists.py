"""Numbered lists that two officers sign, each replacing the one before as a whole: of staff, of suppliers.

A list is for the origins it names, so that one deployment's list says nothing in another, and it names the officers' list of which
two sign it.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator

from . import strict_json
from .deployment import OfficerList
from .encoding import lp
from .officers import FEWEST
from .signing import SignatureRefused, SigningKey, verify


class ListRefused(Exception):
    """A list does not hold. The text is for logs, not for whoever sent it."""


class Entry(BaseModel):
    """One entry of a list, called by a plain word, because it is shown at terminals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


EntryT_co = TypeVar("EntryT_co", bound=Entry, covariant=True)


class NumberedList(BaseModel, ABC, Generic[EntryT_co]):
    """What the lists have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unique: ClassVar[tuple[str, ...]]
    """What no two entries may have the same of."""

    number: Annotated[StrictInt, Field(ge=1, lt=2**31)]
    officers: Annotated[StrictInt, Field(ge=1, lt=2**31)]
    """Number of the officers' list of which two sign it."""

    @property
    @abstractmethod
    def entries(self) -> tuple[EntryT_co, ...]:
        """All entries, in the list's order."""

    def named(self, entry: str) -> EntryT_co | None:
        """Return the entry of this id."""
        return next((one for one in self.entries if one.id == entry), None)

    @model_validator(mode="after")
    def _different(self) -> Self:
        for what in self.unique:
            if len({getattr(one, what) for one in self.entries}) != len(self.entries):
                raise ValueError("two entries have the same id or key")
        return self


ListT_co = TypeVar("ListT_co", bound=NumberedList[Entry], covariant=True)


class _Frame(BaseModel):
    """What is signed beside the list itself."""

    v: Literal[1] = 1
    origins: tuple[str, ...]


@dataclass(frozen=True)
class SignedList(ABC, Generic[ListT_co]):
    """A list as sent: its exact bytes, and signatures by officer id."""

    label: ClassVar[str]
    """What keeps its signatures apart from all others."""
    title: ClassVar[str]
    """What such a list is called in a sentence."""

    raw: bytes
    signatures: dict[str, bytes]

    @classmethod
    @abstractmethod
    def kind(cls) -> type[ListT_co]:
        """Return what the bytes are read as."""

    @classmethod
    def draft(cls, listed: NumberedList[Entry], origins: Iterable[str]) -> Self:
        """Return the list's bytes, not yet signed."""
        frame = {"v": 1, "origins": sorted(origins, key=str.encode)}
        content = {**listed.model_dump(mode="json", exclude_none=True), **frame}
        return cls(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), {})

    def signed_by(self, officer_id: str, key: SigningKey) -> Self:
        """Return a copy that also carries this officer's signature."""
        return type(self)(self.raw, {**self.signatures, officer_id: key.sign(self._to_sign)})

    def read(self, origins: Iterable[str]) -> ListT_co:
        """Return what the bytes say, whoever signed them; raise :class:`ListRefused` when it is no list for these origins."""
        try:
            content = strict_json.loads_object(self.raw)
            frame = _Frame.model_validate({name: content.pop(name) for name in _Frame.model_fields if name in content})
            listed = self.kind().model_validate(content)
        except ValueError:
            raise ListRefused(f"not {self.title}") from None
        if list(frame.origins) != sorted(origins, key=str.encode):
            raise ListRefused(f"{self.title} for other origins")
        return listed

    def check_signature(self, officers: OfficerList, officer_id: str) -> None:
        """Raise :class:`ListRefused` unless what stands under this officer's id is that officer's signature."""
        key = officers.key_of(officer_id)
        if key is None:
            raise ListRefused("signed by somebody who is not an officer")
        try:
            verify(key, self.signatures[officer_id], self._to_sign)
        except SignatureRefused as error:
            raise ListRefused("an officer's signature does not verify") from error

    def check(self, officers: OfficerList, origins: Iterable[str]) -> ListT_co:
        """Return the list when two of these officers, whose list it names, signed it, and nobody else did."""
        listed = self.read(origins)
        if listed.officers != officers.number:
            raise ListRefused(f"{self.title} under another officers' list")
        for officer_id in self.signatures:
            self.check_signature(officers, officer_id)
        # Keys are unique within an officers' list, so two ids are two keys.
        if len(self.signatures) < FEWEST:
            raise ListRefused("two officers must sign")
        return listed

    @property
    def _to_sign(self) -> bytes:
        return lp(self.label, self.raw)
