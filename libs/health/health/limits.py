"""The ministry's two limits of each item: from where guidance, and from where seeing a doctor, is recommended.

A year for which no table is known has no bands. The letters A to D are another table's, see `letters`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .facts import Sex
from .observed import Number

Band = Literal["within", "guidance", "referral"]
Beyond = Literal["at-least", "below", "at-most"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one item in its unit, for one sex where they differ.

    A value is beyond a limit when it is `side` the limit. Without `referral` the ministry names no value for seeing a doctor.
    """

    item: str
    side: Beyond
    guidance: Decimal
    referral: Decimal | None
    sex: Sex | None = None

    def band(self, value: Decimal) -> Band:
        """Return where a value lies."""
        if self.referral is not None and self._beyond(value, self.referral):
            return "referral"
        return "guidance" if self._beyond(value, self.guidance) else "within"

    def _beyond(self, value: Decimal, limit: Decimal) -> bool:
        if self.side == "at-least":
            return value >= limit
        return value < limit if self.side == "below" else value <= limit


@dataclass(frozen=True, slots=True)
class Table:
    """A published table of limits: `name` is stable, both fiscal years are included."""

    name: str
    source: str
    first_year: int
    last_year: int
    limits: tuple[Limits, ...]

    def of(self, item: str) -> tuple[Limits, ...]:
        """Return the limits of an item: none, one, or one for each sex."""
        return tuple(limits for limits in self.limits if limits.item == item)


@dataclass(frozen=True, slots=True)
class Grade:
    """One value, the limits it was held against and the table's name."""

    item: str
    number: Number
    band: Band
    limits: Limits
    table: str


def _from(item: str, guidance: str, referral: str) -> Limits:
    return Limits(item, "at-least", Decimal(guidance), Decimal(referral))


MINISTRY_2024 = Table(
    name="mhlw-2024",
    source="厚生労働省 標準的な健診・保健指導プログラム(令和6年度版) 健診検査項目の保健指導判定値及び受診勧奨判定値",
    first_year=2024,
    last_year=2029,
    limits=(
        _from("systolic-blood-pressure", "130", "140"),
        _from("diastolic-blood-pressure", "85", "90"),
        _from("triglycerides-fasting", "150", "300"),
        _from("triglycerides-casual", "175", "300"),
        Limits("hdl-cholesterol", "below", Decimal(40), None),
        _from("ldl-cholesterol", "120", "140"),
        _from("non-hdl-cholesterol", "150", "170"),
        _from("glucose-fasting", "100", "126"),
        _from("glucose-casual", "100", "126"),
        _from("hba1c-ngsp", "5.6", "6.5"),
        _from("ast", "31", "51"),
        _from("alt", "31", "51"),
        _from("gamma-gt", "51", "101"),
        Limits("egfr", "below", Decimal(60), Decimal(45)),
        Limits("hemoglobin", "at-most", Decimal("13.0"), Decimal("12.0"), "male"),
        Limits("hemoglobin", "at-most", Decimal("12.0"), Decimal("11.0"), "female"),
    ),
)
"""The fourth term, fiscal years 2024 to 2029. It drops the older lists' HDL below 35 for seeing a doctor."""

TABLES = (MINISTRY_2024,)


def table_of(fiscal_year: int) -> Table | None:
    """Return the table that holds in a fiscal year (the year in which it begins), or None when none is known."""
    return next((table for table in TABLES if table.first_year <= fiscal_year <= table.last_year), None)


def grades(found: Mapping[str, Number], *, sex: Sex | None, fiscal_year: int) -> tuple[Grade, ...]:
    """Hold every value that has limits against them, in the table's order.

    Without a known sex, values whose limits depend on it are graded only by where both sexes agree.
    """
    table = table_of(fiscal_year)
    return tuple(_grades(table, found, sex)) if table else ()


def _grades(table: Table, found: Mapping[str, Number], sex: Sex | None) -> Iterator[Grade]:
    for item in dict.fromkeys(limits.item for limits in table.limits):
        number = found.get(item)
        fitting = [limits for limits in table.of(item) if sex is None or limits.sex in (None, sex)]
        if number is not None and len({limits.band(number.value) for limits in fitting}) == 1:
            yield Grade(item, number, fitting[0].band(number.value), fitting[0], table.name)
