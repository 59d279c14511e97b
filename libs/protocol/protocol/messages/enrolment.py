"""Enrolment at the authorities. Rows are sorted by ``ref``; a repeated call with the same rows gives the same answer."""

from typing import Annotated, Literal

from pydantic import Field

from protocol.deployment import B64
from protocol.encoding import lp, sha256
from protocol.names import AuthorityName
from protocol.search import EVALUATED

from .base import BATCH_ROWS, Bytes16, Bytes64, Message
from .verifiers import EnrolledVerifier


class Enrolment(Message):
    """One member at one authority."""

    ref: Bytes16
    verifiers: tuple[EnrolledVerifier, ...] = ()
    """Replace those of the same kinds that stand for a member who was never released to."""
    pairwise: dict[Literal["keyvault", "identity"], Bytes16] | None = None
    """The references of the other two authorities: at the gateway only, whose tokens carry them."""


class Enrol(Message):
    """``POST /enrolments`` (window of purpose ``enrol``; spends quota ``enrol``, one a row)."""

    rows: Annotated[tuple[Enrolment, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class Enrolled(Message):
    """The shares of version 0, sealed to the window's key: 32 bytes a row joined, in the order of the rows."""

    sealed: B64
    signature: Bytes64
    """Ed25519 by the authority over the sealed object and its info."""


def enrolment_info(host: AuthorityName, window: bytes, body: bytes) -> bytes:
    """Return the HPKE info of an enrolment's answer; ``body`` is the request body as sent."""
    return lp("enrolment", host, window, sha256(body))


def enrolment_signed(sealed: bytes, info: bytes) -> bytes:
    """Return what the authority signs over its answer."""
    return lp("sealed-part", sealed, info)


class FirstBundle(Message):
    """Version 0 of one member's bundle."""

    ref: Bytes16
    bundle: B64


class StoreBundles(Message):
    """``POST /bundles`` at the keyvault (window ``enrol``): refused for references that were ever released."""

    rows: Annotated[tuple[FirstBundle, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class FirstRecord(Message):
    """Version 0 of one member's personal record."""

    ref: Bytes16
    record: B64


class StoreRecords(Message):
    """``POST /records`` at identity (window ``enrol``): refused for references that were ever released."""

    rows: Annotated[tuple[FirstRecord, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class Evaluate(Message):
    """``POST /evaluations`` (spends one an element).

    Windows ``enrol`` and ``ingest``: ``member`` spends quota ``member``, the search uses ``index``. Window ``search``: the search
    uses spend ``search``.
    """

    use: Annotated[str, Field(pattern=EVALUATED)] = "member"
    elements: B64
    """1 to 256 blinded elements of 32 bytes, joined."""


class Evaluated(Message):
    """Proof (64 bytes) and evaluated elements, joined."""

    answer: B64
