"""What analysts compare at anon-data: years, steps, other populations, and groups that something was done for."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from .analysis import Condition, Level, Month, Name, Title
from .base import Message

Names = Annotated[tuple[Name, ...], Field(max_length=8)]
Conditions = Annotated[tuple[Condition, ...], Field(max_length=8)]


class AskedTrend(Message):
    """A measure over all fiscal years, each with its difference to the year before."""

    kind: Literal["trend"] = "trend"
    measure: Name
    by: Names = ()
    where: Conditions = ()


class AskedFunnel(Message):
    """The steps of a registered funnel in a fiscal year."""

    kind: Literal["funnel"] = "funnel"
    funnel: Name
    year: int
    by: Names = ()
    where: Conditions = ()


class ReferenceValue(Message):
    """A value elsewhere, of people with one level for each of the reference's rungs."""

    levels: Annotated[tuple[Level, ...], Field(max_length=8)]
    value: Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=6)]


class AskedBeside(Message):
    """A measure of a fiscal year beside values elsewhere, in its unit."""

    kind: Literal["beside"] = "beside"
    measure: Name
    year: int
    by: Names
    values: Annotated[tuple[ReferenceValue, ...], Field(min_length=1, max_length=500)]
    where: Conditions = ()


class AskedBeforeAfter(Message):
    """A group in two fiscal years; what is people's own in `where` names its year, as ``smoking@2024``."""

    kind: Literal["before-after"] = "before-after"
    measure: Name
    before: int
    after: int
    where: Conditions = ()


class AskedArms(Message):
    """People of one level of a rung, and of another one; without `control` all others."""

    rung: Name
    treated: Level
    control: Level | None = None


class AskedDifferences(Message):
    """How much more one arm changed than the other between two fiscal years, in `classes` as if both had those of the treated."""

    kind: Literal["differences"] = "differences"
    measure: Name
    arms: AskedArms
    before: int
    after: int
    classes: Names = ()
    where: Conditions = ()


class AskedWeighted(Message):
    """How two arms differ in a fiscal year, weighted by their inverse probabilities in `classes` to be like those of `to`."""

    kind: Literal["weighted"] = "weighted"
    measure: Name
    arms: AskedArms
    year: int
    classes: Names
    to: Literal["treated", "both"] = "treated"
    where: Conditions = ()


Compared = AskedTrend | AskedFunnel | AskedBeside | AskedBeforeAfter | AskedDifferences | AskedWeighted


class AskedComparison(Message):
    """``POST /staff/analysis/comparisons``, and ``/staff/analysis/comparisons/tables`` for the same as CSV (RFC 4180)."""

    of: Annotated[Compared, Field(discriminator="kind")]
    snapshot: Month | None = None
    """Refused where it is not the newest."""
    employer: bool = False
    """For somebody else's eyes: nothing of fewer than fifty people."""


class Note(Message):
    """What must be read with a comparison."""

    name: Name
    text: Title


class ComparisonTable(Message):
    """Rows below named columns; None where a number that an entry needs is not shown."""

    snapshot: Month
    definition: Name
    """The measure, or the funnel."""
    version: int
    columns: tuple[str, ...]
    rows: tuple[tuple[int | float | str | None, ...], ...]
    notes: tuple[Note, ...]
