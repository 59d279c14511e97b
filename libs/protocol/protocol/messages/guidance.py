"""Results of specific health guidance (特定保健指導) at anon-data."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from protocol.deployment import B64

from .base import BATCH_ROWS, Bytes32, Message

Stage = Annotated[str, Field(pattern=r"^2[1-5]$")]
"""How far it came: list 1.2.392.200119.6.1001, 21 to 25."""
GuidanceLevel = Literal["intensive", "motivational", "equivalent"]
"""List 1.2.392.200119.6.1112: 積極的支援, 動機付け支援, 動機付け支援相当."""


class Guidance(Message):
    """What was reported of one member on one day."""

    day: date
    stage: Stage
    level: GuidanceLevel | None = None
    details: B64 | None = None
    """Institution, ticket and results, sealed by the registrar to the mailbox key and padded."""


class GuidanceRow(Message):
    """A report on its way into a mailbox."""

    token: Bytes32
    guidance: Guidance


class StoreGuidance(Message):
    """``POST /guidance`` (window ``ingest``; spends quota ``guidance``, one a row). Rows are sorted by ``token``."""

    rows: Annotated[tuple[GuidanceRow, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class GuidanceStored(Message):
    """What became of the rows; a row whose token has no mailbox is named by its index and not stored."""

    inserted: int
    replaced: int
    unchanged: int
    unknown: tuple[int, ...] = ()


class WithdrawnGuidance(Message):
    """A report that was put into the wrong member's mailbox."""

    token: Bytes32
    day: date
    stage: Stage


class WithdrawGuidance(Message):
    """``POST /guidance/withdrawals`` (window ``ingest``; spends quota ``withdraw``). Rows are sorted by ``token``."""

    rows: Annotated[tuple[WithdrawnGuidance, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class GuidanceWithdrawn(Message):
    """How many reports were removed, and how many rows named one that is not there (any more)."""

    withdrawn: int
    absent: int


class GuidanceReports(Message):
    """``GET /me/guidance``: the newest day first."""

    reports: tuple[Guidance, ...]
