"""Messages to members at anon-data: addressed by token or by criteria, never by name, and read by whoever they are addressed to."""

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from protocol.derive import hkdf
from protocol.encoding import lp

from .base import BATCH_ROWS, Bytes16, Bytes32, Message

FEWEST = 10
"""People that a message addresses at least, and that a number must count to be shown."""
_STEP = 5
_ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE)
_REFUSED = frozenset({"Cc", "Cf", "Co", "Cs"})
"""Unicode categories that plain text does without: control and format characters turn text around or hide it."""


def shown(count: int, of: int | None = None) -> int | None:
    """Return how a number of people is told: not below ten, nor where all ``of`` them but fewer than ten are counted; in fives."""
    if count < FEWEST or (of is not None and of - count < FEWEST):
        return None
    return count - count % _STEP


def _plain(text: str) -> str:
    if unicodedata.normalize("NFC", text) != text or text != text.strip():
        raise ValueError("text is in NFC, without blanks around it")
    if any(unicodedata.category(one) in _REFUSED for one in text if one != "\n"):
        raise ValueError("text without control and format characters")
    if _ADDRESS.search(text):
        raise ValueError("addresses stand in the link alone")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("one line")
    return text


Title = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_plain), AfterValidator(_one_line)]
Body = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_plain)]


class Words(Message):
    """A message in one language: plain text, lines separated by a line feed."""

    title: Title
    body: Body


class Guidance(Message):
    """Whose newest checkup of a fiscal year says one of these guidance levels (保健指導レベル)."""

    fiscal_year: Annotated[int, Field(ge=2000, le=2200)]
    levels: Annotated[tuple[Literal["active", "motivational", "information"], ...], Field(min_length=1, max_length=3)]


class Segment(Message):
    """Criteria on what anon-data has of people; all that are given hold together."""

    sex: Literal["male", "female"] | None = None
    relation: Literal["insured", "dependant"] | None = None
    workplace: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")] | None = None
    born_from: Annotated[int, Field(ge=1900, le=2100)] | None = None
    """First birth year: no birth date is known here, so an age is one year or the next."""
    born_until: Annotated[int, Field(ge=1900, le=2100)] | None = None
    guidance: Guidance | None = None
    no_checkup_in: Annotated[int, Field(ge=2000, le=2200)] | None = None
    """A fiscal year."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise ValueError("a segment has a criterion; everybody is born_from 1900")
        return self


class SendMessage(Message):
    """``POST /messages`` (window ``message``; spends quota ``message``, one a person newly addressed), ``POST /staff/messages``.

    The same id again, with the same text, addresses whoever was not addressed yet.
    """

    id: Bytes16
    ja: Words
    en: Words | None = None
    link: Annotated[str, Field(max_length=200)] | None = None
    """At the portal or an origin of the deployment's ``message_links``; no query, no fragment, so that it can name nobody."""
    until: date
    """The last day (UTC) on which it is shown."""
    to: Segment | None = None
    tokens: Annotated[tuple[Bytes32, ...], Field(min_length=1, max_length=BATCH_ROWS)] | None = None
    """Sorted."""

    @model_validator(mode="after")
    def _addressed_once(self) -> Self:
        if (self.to is None) == (self.tokens is None):
            raise ValueError("either criteria or tokens")
        return self


class MessageSent(Message):
    """What became of it."""

    new: bool
    """Whether anybody was newly addressed."""
    people: int | None
    """How many are addressed in all (:func:`shown`), whether they agreed to messages or not."""
    unknown: tuple[int, ...] = ()
    """Indexes of tokens that have no mailbox."""


class CountMessages(Message):
    """``POST /messages/counts`` (window ``message``), ``POST /staff/messages/counts``."""

    ids: Annotated[tuple[Bytes16, ...], Field(min_length=1, max_length=100)]


class MessageCount(Message):
    """How many are addressed and how many have read it, as far as that is told (:func:`shown`)."""

    id: Bytes16
    people: int | None
    read: int | None


class MessageCounts(Message):
    """Of those messages that are still shown."""

    counts: tuple[MessageCount, ...]


class MemberMessage(Message):
    """A message as its reader gets it."""

    id: Bytes16
    ja: Words
    en: Words | None = None
    link: str | None = None
    sent: date
    until: date


class MemberMessages(Message):
    """``GET /me/messages``: the newest first; none without the member's consent."""

    messages: tuple[MemberMessage, ...]


class Mark(Message):
    """That somebody has read a message: stored beside no token, and made by the member's devices (:func:`read_mark`)."""

    message: Bytes16
    mark: Bytes32


class Marks(Message):
    """``PUT /me/messages/marks`` keeps marks; ``POST /me/messages/marks`` asks which of them are kept."""

    marks: Annotated[tuple[Mark, ...], Field(min_length=1, max_length=500)]


class MarksKept(Message):
    """The messages whose marks are kept."""

    read: tuple[Bytes16, ...]


def read_mark(mailbox_seed: bytes, message: bytes) -> bytes:
    """Return the member's mark for a message: one for all their devices, and for nobody else anything but random."""
    return hkdf(mailbox_seed, lp("message-read", message))
