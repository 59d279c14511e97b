"""One member as the roster keeps them."""

import os
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from protocol.deployment import B64
from protocol.member import MemberNumber
from protocol.names import AUTHORITIES, AuthorityName
from protocol.shares import REF_BYTES
from pydantic import AliasChoices, BeforeValidator, Field, PlainSerializer, TypeAdapter

Status = Literal["planned", "enrolled"]
"""``planned``: references are minted, so a call may have been made. ``enrolled``: every host has everything."""

LetterKind = Literal["first", "recovery", "guardian", "takeover"]
"""What a letter is for (:mod:`registrar.letters`)."""


def mint() -> dict[AuthorityName, bytes]:
    """Return three unrelated random references."""
    return {host: os.urandom(REF_BYTES) for host in AUTHORITIES}


def _number(value: object) -> object:
    return MemberNumber(*value) if isinstance(value, list) else value


def _spelt(number: MemberNumber) -> list[str]:
    return [number.insurer, number.symbol, number.number, number.branch]


Number = Annotated[MemberNumber, BeforeValidator(_number), PlainSerializer(_spelt, when_used="json")]


@dataclass(frozen=True)
class LetterNote:
    """That a letter was printed. The code is nowhere, and nothing that follows from it."""

    kind: LetterKind
    issued: date
    expires: date
    """The last day on which the code is accepted."""


@dataclass(frozen=True, repr=False)
class Told:
    """What the hosts were last told of a member, so that only what is different now is told again. Times are seconds since 1970."""

    work_id: str = ""
    """At the group's provider, as an own way in."""
    guardian: str = ""
    """A guardian's work id, as a way into a child's account."""
    guarded_by: Number | None = None
    """Anchor of the guardian who was given a way in, by work id or letter, and may have added others since."""
    ends: int | None = None
    work_ends: int | None = None
    suspended: bool = False
    """At the stores."""
    ended: str = ""
    """The work id that was ended for a new one's sake: ending it twice would end the new one."""


@dataclass(frozen=True, repr=False)
class Member:
    """A member: numbers, the three references, hashes that tell what has changed since, and what becomes of the membership."""

    anchor: Number
    """The first number the person ever had: the input of the blind evaluation for good."""
    current: Number
    birth_date: Annotated[str, Field(validation_alias=AliasChoices("birth_date", "birth"))]
    sex: Literal["male", "female"]
    relation: Literal["insured", "dependant"]
    site: str
    """Workplace slug as the insurer has it, before generalisation."""
    status: Status = "planned"
    content: B64 = b""
    """Keyed hash of what was enrolled; empty before."""
    group: str = ""
    """Workplace group as anon-data was told; empty before."""
    refs: dict[AuthorityName, B64] = field(default_factory=mint)
    former: tuple[Number, ...] = ()
    """Numbers between the first and the current one, by which rows of older files still name the person."""
    released: bool = False
    """A host said that the member has signed in: the record is theirs from then on."""
    child: bool = False
    """A child of the insured, who has a guardian until they come of age."""
    acquired: date | None = None
    lost: date | None = None
    """First day without membership; ``None`` while it lasts."""
    died: bool = False
    work_id: str = ""
    """At the group's provider; empty for who has none (any more)."""
    work_lost: date | None = None
    """First day without the work account, for who stays a member without one."""
    guardian_number: Number | None = None
    """The guardian's number as the file has it."""
    guardian: Number | None = None
    """The guardian's anchor, once the roster knows them."""
    guarded: bool = False
    """A guardian looked after the account who does so no longer."""
    told: Told = Told()
    letter: LetterNote | None = None
    apart: tuple[Number, ...] = ()
    """Numbers of people who were once taken for this one: no file makes them the same again."""
    epoch: int = 1
    """Of the search keys under which all that the member is found by was last indexed."""
    splitting: bool = False
    """The accounts are begun anew, because somebody else may have got in (:mod:`registrar.split`)."""

    @property
    def numbers(self) -> tuple[MemberNumber, ...]:
        """All numbers that mean this person, each once."""
        return tuple(dict.fromkeys((self.current, self.anchor, *self.former)))

    def encode(self) -> bytes:
        """Return the row to seal; what is as it begins is left out."""
        return _ROW.dump_json(self, exclude_defaults=True)

    @classmethod
    def decode(cls, row: bytes) -> "Member":
        """Read an opened row."""
        return _ROW.validate_json(row)


_ROW = TypeAdapter(Member)
