"""Searching members at identity, and opening what was found."""

from typing import Annotated, Literal

from pydantic import Field as Limits

from protocol.deployment import B64
from protocol.encoding import lp, sha256
from protocol.names import AuthorityName
from protocol.sealing import X25519_OVERHEAD
from protocol.search import MOST_EPOCHS, WORDS, Field
from protocol.split_seal import SEALED_BYTES
from protocol.subjects import SubjectProof

from .base import BATCH_ROWS, Bytes16, Bytes32, Bytes64, Message

MOST_HITS = 50
_PART_BYTES = 32 + X25519_OVERHEAD

SealedPart = Annotated[B64, Limits(min_length=_PART_BYTES, max_length=_PART_BYTES)]


class Indexed(Message):
    """One member's tags."""

    ref: Bytes16
    tags: Annotated[dict[Field, Bytes32], Limits(min_length=1)]
    """All fields, or, of somebody who is indexed already, those that changed."""
    opening: Annotated[B64, Limits(min_length=SEALED_BYTES, max_length=SEALED_BYTES)] | None = None
    """The record's key, split-sealed for use ``open``; absent leaves the one that is there."""


class PutIndex(Message):
    """``POST /search/index`` (windows ``enrol`` and ``ingest``; spends quota ``index``, one a row). Rows are sorted by ``ref``."""

    rows: Annotated[tuple[Indexed, ...], Limits(min_length=1, max_length=BATCH_ROWS)]


class Taken(Message):
    """Which rows have a tag that another row has: those were not stored, and not counted, and want another."""

    taken: dict[Field, tuple[int, ...]]
    """Places in the request, by field."""


class Search(Message):
    """``POST /search`` (window ``search``; spends quota ``search``, one a search): evaluated words of one field, in any order.

    Of each epoch that is valid there are two.
    """

    field: Field
    words: Annotated[tuple[Bytes32, ...], Limits(min_length=WORDS, max_length=MOST_EPOCHS * WORDS)]


class Hit(Message):
    """A member whom a word found: the record, and what it is opened with."""

    ref: Bytes16
    version: int
    record: B64
    opening: B64 | None = None
    """Absent of who signed in before there was an index."""


class Hits(Message):
    """At most 50, in no order that says anything."""

    hits: tuple[Hit, ...]
    more: bool
    """Whether there were others."""


class OpeningPart(Message):
    """One authority's part of a split seal."""

    sealed: SealedPart
    inner: Bytes32
    """SHA-256 of the inner ciphertext, to which the part is bound."""
    subject: SubjectProof | None = None
    """For use ``number``: that the window is about ``inner`` at this authority."""


class Open(Message):
    """``POST /openings`` at the three authorities (spends one a row of the quota that is called as the use).

    Use ``open`` is the key of a record (window ``search``), ``number`` the member number beside a mailbox (window ``reidentify``).
    """

    use: Literal["open", "number"] = "open"
    rows: Annotated[tuple[OpeningPart, ...], Limits(min_length=1, max_length=MOST_HITS)]


class PartsOpened(Message):
    """The parts, sealed to the window's key: 32 bytes a row joined, in the order of the rows."""

    sealed: B64
    signature: Bytes64
    """Ed25519 by the authority over the sealed object and its info."""


def opening_info(host: AuthorityName, window: bytes, body: bytes) -> bytes:
    """Return the HPKE info of an opening's answer; ``body`` is the request body as sent."""
    return lp("opening", host, window, sha256(body))


def opening_signed(sealed: bytes, info: bytes) -> bytes:
    """Return what the authority signs over its answer."""
    return lp("sealed-part", sealed, info)
