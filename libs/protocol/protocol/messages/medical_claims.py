"""Medical claims (レセプト) at anon-data: what one institution billed for one member and month. Months are their first day."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from protocol.deployment import B64

from .base import BATCH_ROWS, Bytes16, Bytes32, Message

ClaimKind = Literal["medical", "dpc", "dental", "pharmacy"]
CLAIM_KINDS: tuple[ClaimKind, ...] = ("medical", "dpc", "dental", "pharmacy")
MOST_LINES = 2_000


def _first_day(day: date) -> date:
    if day.day != 1:
        raise ValueError("a month is written as its first day")
    return day


Month = Annotated[date, AfterValidator(_first_day)]
Yen = Annotated[int, Field(ge=0, lt=2**31)]


class ClaimDiagnosis(Message):
    """One diagnosis: its 7-digit code (傷病名コード), or the word for its class where the code is rare."""

    code: Annotated[str, Field(pattern=r"^(?:[0-9]{7}|[a-z]{3,20})$")]
    main: bool = False


class ClaimDrug(Message):
    """One drug of a claim: its 9-digit code (医薬品コード), or ``other`` where it is rare."""

    code: Annotated[str, Field(pattern=r"^(?:[0-9]{9}|other)$")]
    amount: Annotated[Decimal, Field(ge=0, lt=10**9, decimal_places=5)] | None = None
    """All of the month, in the unit of the drug's price; None where it is rare or not told."""


class MedicalClaim(Message):
    """What one institution billed for one member and month."""

    claim: Bytes16
    """Names the claim across its versions; the registrar derives it with a key of its own, so it says nothing."""
    month: Month
    kind: ClaimKind
    inpatient: bool
    days: Annotated[int, Field(ge=0, lt=2**15)]
    """Of treatment; at a pharmacy how often drugs were handed out."""
    points: Yen
    """One is 10 yen."""
    own_payment: Yen
    """What the member pays, in yen."""
    estimated: bool
    """Whether `own_payment` follows from points and rate, because the claim does not say it."""
    diagnoses: Annotated[tuple[ClaimDiagnosis, ...], Field(max_length=MOST_LINES)] = ()
    drugs: Annotated[tuple[ClaimDrug, ...], Field(max_length=MOST_LINES)] = ()
    details: B64 | None = None
    """Institution, receipt number, exact codes and all lines, sealed by the registrar to the mailbox key and padded."""


class ClaimRow(Message):
    """A claim on its way into a mailbox."""

    token: Bytes32
    claim: MedicalClaim


class StoreClaims(Message):
    """``POST /medical-claims`` (window ``ingest``; spends quota ``medical-claim``, one a row). Rows are sorted by ``token``."""

    rows: Annotated[tuple[ClaimRow, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class ClaimsStored(Message):
    """What became of the rows; a row whose token has no mailbox is named by its index and not stored."""

    inserted: int
    replaced: int
    unchanged: int
    unknown: tuple[int, ...] = ()


class WithdrawnClaim(Message):
    """A claim that was cancelled, or put into the wrong member's mailbox."""

    token: Bytes32
    claim: Bytes16
    cancelled: bool = False
    """Whether its member may read what it was; of one that was somebody else's nothing stays."""


class WithdrawClaims(Message):
    """``POST /medical-claims/withdrawals`` (window ``ingest``; spends quota ``withdraw``). Rows are sorted by ``token``."""

    rows: Annotated[tuple[WithdrawnClaim, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class ClaimsWithdrawn(Message):
    """How many claims were removed, and how many rows named one that is not there (any more)."""

    withdrawn: int
    absent: int


class MedicalClaims(Message):
    """``GET /me/medical-claims?since=&until=``, ``GET /me/medicines?since=&until=`` (those with drugs): the newest month first."""

    claims: tuple[MedicalClaim, ...]


class MonthCosts(Message):
    """What the claims of one month and kind come to."""

    month: Month
    kind: ClaimKind
    claims: int
    points: int
    own_payment: int
    estimated: bool
    """Whether part of `own_payment` is."""


class Costs(Message):
    """``GET /me/costs?since=&until=``: by month and kind, the oldest first; both months are included."""

    months: tuple[MonthCosts, ...]
