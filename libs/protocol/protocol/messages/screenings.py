"""Cancer screenings (がん検診) at anon-data: who took part in which in a fiscal year, never what was found, where or when."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from .base import BATCH_ROWS, Bytes32, Message

Screening = Literal["stomach", "lung", "colorectal", "breast", "cervix"]
"""The five of the ministry's guidelines (がん予防重点健康教育及びがん検診実施のための指針)."""
SCREENINGS: tuple[Screening, ...] = get_args(Screening)
FiscalYear = Annotated[int, Field(ge=2000, le=2200)]
"""The year in which the Japanese fiscal year (1 April) began."""


class ScreeningRow(Message):
    """That a member took part in a screening in a fiscal year."""

    token: Bytes32
    fiscal_year: FiscalYear
    kind: Screening


class Screenings(Message):
    """``POST /screenings`` and ``/screenings/withdrawals`` (window ``ingest``; quotas ``screening``, ``withdraw``), by token."""

    rows: Annotated[tuple[ScreeningRow, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class ScreeningsStored(Message):
    """What became of the rows; a row whose token has no mailbox is named by its index and not stored."""

    inserted: int
    unchanged: int
    unknown: tuple[int, ...] = ()


class ScreeningsWithdrawn(Message):
    """How many rows were removed, and how many rows named one that is not there (any more)."""

    withdrawn: int
    absent: int


class ScreenedYear(Message):
    """What the insurer knows that a member took part in during a fiscal year."""

    fiscal_year: int
    kinds: tuple[Screening, ...]


class OwnScreenings(Message):
    """``GET /me/screenings``: the newest year first."""

    years: tuple[ScreenedYear, ...]
