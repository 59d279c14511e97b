"""What a letter says, before it is a page."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from protocol.code import Code

from .errors import LetterError

Kind = Literal["first", "recovery", "guardian", "takeover"]
"""For a first login; after every other way in was lost; for a child's guardian; for the child who takes over from the guardian."""

NAME_CHARACTERS = 60
ADDRESS_CHARACTERS = 120
NUMBER_CHARACTERS = 36


@dataclass(frozen=True)
class Recipient:
    """Whom the envelope is for. Names keep the spelling of the register: no character is folded into a like one."""

    name: str = field(repr=False)
    postcode: str = field(repr=False)
    """``123-4567``."""
    address: str = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """One letter. Raises ``LetterError`` when it is too long to print, or when kind and particulars do not fit."""

    kind: Kind
    recipient: Recipient
    member_number: str = field(repr=False)
    """As printed on the card. A guardian's letter has the child's."""
    code: Code
    expires: date
    """The last day on which the code is accepted."""
    not_before: datetime | None = None
    """From when the code is accepted where somebody has signed in before, with its offset from UTC; printed in Japan's time."""
    child: str = field(default="", repr=False)
    """The child's name in a guardian's letter, empty in all others."""

    def __post_init__(self) -> None:
        if max(len(self.recipient.name), len(self.child)) > NAME_CHARACTERS:
            raise LetterError(f"name: more than {NAME_CHARACTERS} characters")
        if len(self.recipient.address) > ADDRESS_CHARACTERS:
            raise LetterError(f"address: more than {ADDRESS_CHARACTERS} characters")
        if len(self.member_number) > NUMBER_CHARACTERS:
            raise LetterError(f"member number: more than {NUMBER_CHARACTERS} characters")
        if bool(self.child) != (self.kind == "guardian"):
            raise LetterError("child: a guardian's letter names the child, others name nobody")
        if self.not_before is not None and (self.kind == "first" or self.not_before.tzinfo is None):
            raise LetterError("not before: not for a first login, with an offset from UTC")


@dataclass(frozen=True)
class Sender:
    """The insurer as it signs its letters, and where the letters lead to: the portal, or where there is none a command.

    Raises ``LetterError`` unless it is exactly one of the two.
    """

    name: str
    name_english: str
    postcode: str
    address: str
    telephone: str
    hours: str
    """When somebody answers the telephone, in Japanese."""
    hours_english: str
    portal: str = ""
    """The portal's address as typed, without a path if it can be."""
    command: str = ""
    """What is typed at a terminal."""

    def __post_init__(self) -> None:
        if bool(self.portal) == bool(self.command):
            raise LetterError("sender: letters lead either to a portal or to a command")
