"""Health records at anon-data. Days are ISO 8601 dates; nothing is finer than a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field

from protocol.deployment import B64
from protocol.vitals import VitalKind, VitalSource, VitalUnit

from .base import BATCH_ROWS, Bytes32, Message

ItemCode = Annotated[str, Field(pattern=r"^[0-9A-Z]{17}$")]
"""17-digit item code of the specific health checkup (特定健診)."""

ChoiceCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{1,16}$")]
"""One answer of a choice list."""

ChoiceLabel = Annotated[str, Field(min_length=1, max_length=100)]


class Item(Message):
    """One entry of the code table."""

    code: ItemCode
    name: str
    """Stable short name such as ``body-weight``; several codes may share it."""
    display: str
    """Name as printed on results."""
    kind: Literal["quantity", "code", "ordinal", "text"]
    unit: str | None = None
    """UCUM."""
    choices: str | None = None
    """OID of the value's code system."""
    labels: Annotated[dict[ChoiceCode, ChoiceLabel], Field(min_length=1, max_length=100)] | None = None
    """What each code of the choice list says, as printed on results."""
    loinc: str | None = None

    def label(self, choice: str) -> str:
        """Return what a choice says, or its code where the table has no words for it."""
        return (self.labels or {}).get(choice, choice)


class PutItems(Message):
    """``PUT /items`` (window ``ingest``): make these entries of the code table known; the same again changes nothing."""

    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=2000)]


class Observation(Message):
    """One result. Exactly one of ``value``, ``choice`` and ``absent`` is set."""

    item: ItemCode
    value: Decimal | None = None
    """In the item's unit."""
    choice: str | None = None
    """Code from the item's choice list."""
    absent: Literal["not-performed", "not-measurable", "above-range", "below-range"] | None = None
    flag: Literal["H", "L", "N"] | None = None
    """The institution's interpretation."""


class Checkup(Message):
    """One examination of one member."""

    exam_date: date
    fiscal_year: int
    """The year in which the Japanese fiscal year (1 April) began."""
    program: Annotated[str, Field(pattern=r"^\d{3}$")]
    """Programme code (プログラム種別), such as 010 for the specific health checkup."""
    age: int
    """Age in years at the fiscal year's end."""
    observations: tuple[Observation, ...]
    details: B64 | None = None
    """What identifies (institution, doctor, free text), sealed by the registrar to the mailbox key and padded."""


ABSENT_FORMS: dict[str, str] = {"not-performed": "1", "not-measurable": "2", "above-range": "3", "below-range": "4"}


class ResultColumns(Message):
    """The results of one checkup, a column for each property, all of one length.

    A batch holds tens of thousands: an object for each would cost more than storing it.
    """

    items: tuple[Annotated[int, Field(ge=0)], ...]
    """Places in :attr:`StoreCheckups.items`."""
    forms: Annotated[str, Field(pattern=r"^[vc1-4]*$")]
    """Of each whether it is a value (v), a choice (c), or which absence it is (:data:`ABSENT_FORMS`)."""
    texts: tuple[str, ...]
    """The value or choice; empty for an absence."""
    flags: Annotated[str, Field(pattern=r"^[-HLN]*$")]
    """The flag of each, ``-`` for none."""

    @classmethod
    def of(cls, results: Sequence[Observation], places: Mapping[str, int]) -> Self:
        """Return results as columns; raises ValueError for one that does not say exactly one thing."""
        said = [_form(one) for one in results]
        return cls(
            items=tuple([places[one.item] for one in results]),
            forms="".join([form for form, _ in said]),
            texts=tuple([text for _, text in said]),
            flags="".join([one.flag or "-" for one in results]),
        )


def _form(result: Observation) -> tuple[str, str]:
    match result:
        case Observation(value=Decimal(), choice=None, absent=None):
            return "v", str(result.value)
        case Observation(value=None, choice=str(), absent=None):
            return "c", str(result.choice)
        case Observation(value=None, choice=None, absent=str()):
            return ABSENT_FORMS[str(result.absent)], ""
    raise ValueError("a result says one thing")


class CheckupRow(Message):
    """A checkup on its way into a mailbox; but for its results as `Checkup`."""

    token: Bytes32
    exam_date: date
    fiscal_year: int
    program: Annotated[str, Field(pattern=r"^\d{3}$")]
    age: int
    results: ResultColumns
    details: B64 | None = None


class StoreCheckups(Message):
    """``POST /checkups`` (window ``ingest``; spends quota ``checkup``, one a row). Rows are sorted by ``token``."""

    items: Annotated[tuple[ItemCode, ...], Field(max_length=2000)]
    """The codes that the rows' results are of."""
    rows: Annotated[tuple[CheckupRow, ...], Field(min_length=1, max_length=BATCH_ROWS)]

    @classmethod
    def of(cls, rows: Sequence[tuple[bytes, Checkup]]) -> Self:
        """Return checkups by token, in their order; raises ValueError for a result that does not say exactly one thing."""
        codes = sorted({one.item for _, checkup in rows for one in checkup.observations})
        places = {code: at for at, code in enumerate(codes)}
        return cls(
            items=tuple(codes),
            rows=tuple(
                CheckupRow(
                    token=token,
                    exam_date=checkup.exam_date,
                    fiscal_year=checkup.fiscal_year,
                    program=checkup.program,
                    age=checkup.age,
                    results=ResultColumns.of(checkup.observations, places),
                    details=checkup.details,
                )
                for token, checkup in rows
            ),
        )


class CheckupsStored(Message):
    """What became of the rows; a row whose token has no mailbox is named by its index and not stored."""

    inserted: int
    replaced: int
    unchanged: int
    unknown: tuple[int, ...] = ()


class WithdrawnCheckup(Message):
    """A checkup that was put into the wrong member's mailbox."""

    token: Bytes32
    exam_date: date
    program: Annotated[str, Field(pattern=r"^[0-9]{3}$")]


class WithdrawCheckups(Message):
    """``POST /checkups/withdrawals`` (window ``ingest``; spends quota ``withdraw``, one a row). Rows are sorted by ``token``."""

    rows: Annotated[tuple[WithdrawnCheckup, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class CheckupsWithdrawn(Message):
    """How many checkups were removed, and how many rows named one that is not there (any more)."""

    withdrawn: int
    absent: int


class Checkups(Message):
    """``GET /me/checkups``: all checkups, the newest first, and the code table entries they use."""

    checkups: tuple[Checkup, ...]
    items: tuple[Item, ...]


_Measured = Annotated[Decimal, Field(gt=0, lt=2000, max_digits=6, decimal_places=2)]


class VitalWrite(Message):
    """One value of one day, measured at home, or that there is none any more. For a day and kind the highest ``seq`` wins."""

    day: date
    """Of the device's own calendar."""
    kind: VitalKind
    value: _Measured | None = None
    """In the kind's unit (:data:`protocol.vitals.VITALS`); absent deletes what was there, of whatever day."""
    unit: VitalUnit
    """The kind's; no other unit is accepted."""
    seq: Annotated[int, Field(ge=0, lt=2**62)]
    """The device's own counter; no clock time is kept."""
    source: VitalSource = "typed"


class Vital(VitalWrite):
    """One value of one day as it stands."""

    value: _Measured


class PutVitals(Message):
    """``PUT /me/vitals``."""

    items: Annotated[tuple[VitalWrite, ...], Field(min_length=1, max_length=200)]


class DeletedVital(Message):
    """A value that was deleted. A device does not send it anew by itself, and counts on from its ``seq``."""

    day: date
    kind: VitalKind
    seq: int


class Vitals(Message):
    """``GET /me/vitals?since=&until=``: by day and kind, the own writes of a moment ago included."""

    items: tuple[Vital, ...]
    deleted: tuple[DeletedVital, ...] = ()
    """As long as an older write of that day could still arrive."""


class ItemResult(Message):
    """What became of one item of a request; one that a later item of the same request replaces was ``applied``."""

    result: Literal["applied", "unchanged", "stale", "rejected"]
    reason: str | None = None


class Results(Message):
    """One result an item, in the order of the items."""

    results: tuple[ItemResult, ...]
