"""From the units that devices and people use to those of the record: one table, exact factors.

Factors are those of the international avoirdupois pound (0.45359237 kg), of the inch (2.54 cm), of the conventional millimetre of
mercury (133.322387415 Pa) and of the Fahrenheit scale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from types import MappingProxyType

from protocol.vitals import VITALS, VitalKind, VitalUnit

_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``(value - zero) * factor`` is the value in the record's unit ``to``."""

    to: VitalUnit
    factor: Decimal = Decimal(1)
    zero: Decimal = Decimal(0)


_POUND = Decimal("0.45359237")
_MMHG = Decimal("133.322387415")

UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "kg": Unit("kg"),
        "g": Unit("kg", Decimal("0.001")),
        "lb": Unit("kg", _POUND),
        "[lb_av]": Unit("kg", _POUND),
        "oz": Unit("kg", _POUND / 16),
        "st": Unit("kg", _POUND * 14),
        "mm[Hg]": Unit("mm[Hg]"),
        "mmHg": Unit("mm[Hg]"),
        "kPa": Unit("mm[Hg]", 1000 / _MMHG),
        "hPa": Unit("mm[Hg]", 100 / _MMHG),
        "/min": Unit("/min"),
        "bpm": Unit("/min"),
        "count/min": Unit("/min"),
        "count/s": Unit("/min", Decimal(60)),
        "Hz": Unit("/min", Decimal(60)),
        "Cel": Unit("Cel"),
        "degC": Unit("Cel"),
        "°C": Unit("Cel"),
        "[degF]": Unit("Cel", Decimal(5) / 9, Decimal(32)),
        "degF": Unit("Cel", Decimal(5) / 9, Decimal(32)),
        "°F": Unit("Cel", Decimal(5) / 9, Decimal(32)),
        "K": Unit("Cel", Decimal(1), Decimal("273.15")),
        "min": Unit("min"),
        "h": Unit("min", Decimal(60)),
        "hr": Unit("min", Decimal(60)),
        "s": Unit("min", Decimal(1) / 60),
        "cm": Unit("cm"),
        "mm": Unit("cm", Decimal("0.1")),
        "m": Unit("cm", Decimal(100)),
        "in": Unit("cm", Decimal("2.54")),
        "[in_i]": Unit("cm", Decimal("2.54")),
    }
)
"""By UCUM code, by the unit string of HealthKit and by what people write. Case matters: `m` is no minute."""


class UnitUnknown(ValueError):
    """The unit is not in the table, or not one of this kind."""


def converted(value: Decimal, unit: str, kind: VitalKind) -> Decimal:
    """Return the value in the kind's unit, rounded to the kind's decimals; one that is in that unit already stays as it is.

    Raises ``UnitUnknown``, and ``ValueError`` for what is no number; neither repeats anything.
    """
    if not value.is_finite():
        raise ValueError("not a number")
    known = UNITS.get(unit)
    if known is None or known.to != VITALS[kind].unit:
        raise UnitUnknown("no unit of this kind")
    if known == Unit(known.to):
        return value
    with localcontext(prec=_DIGITS):
        return rounded((value - known.zero) * known.factor, kind)


def rounded(value: Decimal, kind: VitalKind) -> Decimal:
    """Return the value with the kind's decimals at most."""
    return value.quantize(Decimal(1).scaleb(-VITALS[kind].decimals), ROUND_HALF_EVEN)
