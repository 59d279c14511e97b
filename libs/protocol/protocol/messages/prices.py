"""The table of drug prices at anon-data: the same for everybody."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from .base import Bytes16, Message

PRICES_A_CALL = 2_000
DrugCode = Annotated[str, Field(pattern=r"^[0-9]{9}$")]
"""9-digit code of a drug on claims (医薬品コード)."""


class DrugPrice(Message):
    """One drug and what it costs."""

    code: DrugCode
    name: Annotated[str, Field(min_length=1, max_length=120)]
    unit: Annotated[str, Field(max_length=40)] = ""
    """What the price is for, such as a tablet."""
    price: Annotated[Decimal, Field(ge=0, lt=10**9, decimal_places=2)]
    """Yen."""
    family: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,16}$")] | None = None
    """Drugs of one family may stand for each other (一般名コード)."""
    generic: bool = False
    switchable: bool = True
    """Whether the insurer wants a switch to be proposed: not, say, for cancer or in psychiatry."""


class PutPrices(Message):
    """``PUT /prices`` (window ``ingest``). The last call of an edition removes what only earlier editions have."""

    edition: Bytes16
    """Names the file; the same in each of its calls."""
    prices: Annotated[tuple[DrugPrice, ...], Field(min_length=1, max_length=PRICES_A_CALL)]
    last: bool


class Prices(Message):
    """``GET /prices?after=``: by code, those after a code; fewer than :data:`PRICES_A_CALL` are the last."""

    prices: tuple[DrugPrice, ...]
