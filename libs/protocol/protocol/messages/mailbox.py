"""Mailboxes, claims and life events at the two stores. Rows are sorted by ``token``."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from protocol.deployment import B64
from protocol.subjects import SubjectProof

from .base import BATCH_ROWS, Bytes32, Bytes64, Message, XWingPublic


class Attributes(Message):
    """What anon-data may know of a person: never a birth date, a postcode or a group of fewer than ten."""

    sex: Literal["male", "female"]
    birth_year: Annotated[int, Field(ge=1900, le=2100)]
    relation: Literal["insured", "dependant"]
    group: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    """Workplace group; one of at least ten members."""


class Mailbox(Message):
    """One member's mailbox at one store."""

    token: Bytes32
    claim_key: Bytes32
    """Ed25519 public key that may hand the mailbox to a reader."""
    mailbox_key: XWingPublic
    number: B64
    """The member number, split-sealed (use ``number``), bound to the token."""
    attributes: Attributes | None = None
    """At anon-data only."""


class OpenMailboxes(Message):
    """``POST /mailboxes`` (window ``enrol``; spends quota ``mailbox``, one for each new row)."""

    rows: Annotated[tuple[Mailbox, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class MailboxesOpened(Message):
    """How many rows were new, how many were there before."""

    opened: int
    unchanged: int


class Claim(Message):
    """``POST /claims``: the request's proof is made by the new reader key, its subject is the token.

    201 for the first claim, 200 for the same key again, 409 for another key; while a recovery is open another key is given the
    mailbox too.
    """

    signature: Bytes64
    """By the claim key, over :func:`protocol.tokens.claim_message`."""


class RenewReader(Message):
    """``PUT /me/reader-key``: the request's proof is made by the present reader key, which thereby names the new one.

    Both are accepted until the first use of the new one, which removes the old. 201 when it is named, 200 for the same key
    again, 409 while another new key waits.
    """

    possession: Annotated[str, Field(max_length=2048)]
    """A proof (:mod:`protocol.proof`) of this same request by the new key, over an empty body: the key stands in its header.

    So no key waits that nobody holds, which would block every later renewal.
    """


class MailboxState(Message):
    """``GET /me/mailbox``: what a member's device should know, and show."""

    recovery: date | None
    """First day (UTC) on which whoever holds the claim key may take the mailbox over, because the registrar asked for a recovery.

    ``DELETE /me/recovery`` refuses it.
    """


class Suspension(Message):
    """Whether one mailbox is closed to its member's keys; the registrar writes all the same."""

    token: Bytes32
    suspended: bool
    subject: SubjectProof


class SetSuspensions(Message):
    """``POST /suspensions`` (window ``suspend``; spends quota ``suspend``, one a row)."""

    rows: Annotated[tuple[Suspension, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class SuspensionsSet(Message):
    """What became of the rows; a row whose token has no mailbox is named by its index."""

    changed: int
    unchanged: int
    unknown: tuple[int, ...] = ()


class Erasure(Message):
    """One mailbox that goes with everything of its token."""

    token: Bytes32
    subject: SubjectProof


class EraseMailboxes(Message):
    """``POST /erasures`` (window ``erase``; spends quota ``erase``, one a row)."""

    rows: Annotated[tuple[Erasure, ...], Field(min_length=1, max_length=BATCH_ROWS)]
    keep: bool = False
    """Whether what may stay for statistics does, under names drawn now that nobody knows. programs keeps nothing."""


class MailboxesErased(Message):
    """How many mailboxes were erased, and how many rows named one that is not there (any more)."""

    erased: int
    absent: int


class Numbered(Message):
    """One mailbox whose member number is asked for."""

    token: Bytes32
    subject: SubjectProof


class ReadNumbers(Message):
    """``POST /numbers`` (window ``reidentify``; spends quota ``number``, one a row)."""

    rows: Annotated[tuple[Numbered, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class Numbers(Message):
    """Split-sealed member numbers in the order of the rows; nothing for a mailbox that is suspended or not there (any more)."""

    numbers: tuple[B64 | None, ...]
    suspended: tuple[int, ...] = ()
    """Places of the suspended ones."""


class Recovery(Message):
    """One mailbox whose reader key is lost."""

    token: Bytes32
    subject: SubjectProof


class RecoverMailboxes(Message):
    """``POST /recoveries`` (window ``recover``; spends quota ``recover``, one a row)."""

    rows: Annotated[tuple[Recovery, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class MailboxesRecovering(Message):
    """How many recoveries were begun, how many were under way before; a row whose token has no mailbox is named by its index."""

    begun: int
    unchanged: int
    unknown: tuple[int, ...] = ()
    opens: date
    """First day (UTC) on which the begun ones may be claimed: not before 24 hours have passed, not after 48."""
