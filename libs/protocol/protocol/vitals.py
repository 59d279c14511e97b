"""What a member measures at home: one table of kinds, by which devices convert, the store checks and everybody shows.

LOINC codes are those of the FHIR vital signs profiles (http://hl7.org/fhir/R4/observation-vitalsigns.html), of the waist at the
umbilicus and of the sleep duration. Ranges hold what a home device can have measured of a living person; nothing in them is a
judgement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

VitalKind = Literal["body-weight", "systolic", "diastolic", "pulse", "body-temperature", "sleep", "waist"]
VitalUnit = Literal["kg", "mm[Hg]", "/min", "Cel", "min", "cm"]
"""UCUM."""
VitalSource = Literal["typed", "device"]
"""Whether a person typed the value or a device measured it. Which device it was would tell one member from another."""
OfDay = Literal["last", "mean", "highest", "total"]
"""What stands for a day on which a device measured several times."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value. Both ends of the range are included; `decimals` is what a converted value is rounded to."""

    name: VitalKind
    number: int
    """As stores keep it; never given anew."""
    unit: VitalUnit
    loinc: str
    low: Decimal
    high: Decimal
    decimals: int
    of_day: OfDay

    def plausible(self, value: Decimal) -> bool:
        """Say whether a device can have measured this value, in the kind's unit."""
        return self.low <= value <= self.high


_TABLE = (
    Kind("body-weight", 1, "kg", "29463-7", Decimal(10), Decimal(300), 2, "last"),
    Kind("systolic", 2, "mm[Hg]", "8480-6", Decimal(60), Decimal(300), 0, "mean"),
    Kind("diastolic", 3, "mm[Hg]", "8462-4", Decimal(30), Decimal(200), 0, "mean"),
    Kind("pulse", 4, "/min", "8867-4", Decimal(20), Decimal(250), 0, "mean"),
    Kind("body-temperature", 5, "Cel", "8310-5", Decimal(30), Decimal(45), 2, "highest"),
    Kind("sleep", 6, "min", "93832-4", Decimal(1), Decimal(1440), 0, "total"),
    Kind("waist", 7, "cm", "8280-0", Decimal(30), Decimal(250), 1, "last"),
)


@dataclass(frozen=True, slots=True)
class Panel:
    """Kinds that belong together in one FHIR observation, as its components."""

    name: str
    loinc: str
    kinds: tuple[VitalKind, ...]


PANELS = (Panel("blood-pressure", "85354-9", ("systolic", "diastolic")),)
"""http://hl7.org/fhir/R4/bp.html."""

VITALS: Mapping[VitalKind, Kind] = MappingProxyType({kind.name: kind for kind in _TABLE})
"""Every kind by its name, in the order in which values of a day are shown."""
