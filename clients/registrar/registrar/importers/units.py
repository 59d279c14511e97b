"""Units: one spelling of each, and the table of what may be converted into an item's unit."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from health.items import Item

_ALIASES = {
    "mmhg": "mm[hg]",
    "iu/l": "u/l",
    "万/mm3": "10*4/mm3",
    "10^4/mm3": "10*4/mm3",
    "10*4/ul": "10*4/mm3",
    "万/ul": "10*4/mm3",
    "ml/min/{1.73_m2}": "ml/min/1.73m2",
    "ml/min/1.73m^2": "ml/min/1.73m2",
    "kg/m^2": "kg/m2",
    "cm^2": "cm2",
}

_ANY = ""
"""Stands for every item of that unit; other lines of the table are about one substance, whose moles have their own weight."""

_CONVERSIONS: dict[tuple[str, str, str], tuple[str, str]] = {
    # item, from, to: factor, then what is added
    (_ANY, "m", "cm"): ("100", "0"),
    (_ANY, "mm", "cm"): ("0.1", "0"),
    (_ANY, "g", "kg"): ("0.001", "0"),
    (_ANY, "kpa", "mm[hg]"): ("7.50062", "0"),
    (_ANY, "g/l", "g/dl"): ("0.1", "0"),
    (_ANY, "g/l", "mg/dl"): ("100", "0"),
    (_ANY, "mg/l", "mg/dl"): ("0.1", "0"),
    (_ANY, "l/l", "%"): ("100", "0"),
    (_ANY, "10*6/ul", "10*4/mm3"): ("100", "0"),
    (_ANY, "10*12/l", "10*4/mm3"): ("100", "0"),
    (_ANY, "/mm3", "10*4/mm3"): ("0.0001", "0"),
    (_ANY, "ukat/l", "u/l"): ("60", "0"),
    ("glucose-fasting", "mmol/l", "mg/dl"): ("18.016", "0"),
    ("glucose-casual", "mmol/l", "mg/dl"): ("18.016", "0"),
    ("triglycerides-fasting", "mmol/l", "mg/dl"): ("88.57", "0"),
    ("triglycerides-casual", "mmol/l", "mg/dl"): ("88.57", "0"),
    ("hdl-cholesterol", "mmol/l", "mg/dl"): ("38.67", "0"),
    ("ldl-cholesterol", "mmol/l", "mg/dl"): ("38.67", "0"),
    ("non-hdl-cholesterol", "mmol/l", "mg/dl"): ("38.67", "0"),
    ("creatinine", "umol/l", "mg/dl"): ("0.01131", "0"),
    # IFCC to NGSP, the master equation of 2004.
    ("hba1c-ngsp", "mmol/mol", "%"): ("0.09148", "2.152"),
}
_PRECISION = 40


def canonical(unit: str) -> str:
    """One spelling of a unit: case and blanks do not count, known aliases are one."""
    plain = "".join(unit.split()).lower().replace("μ", "u").replace("µ", "u")
    return _ALIASES.get(plain, plain)


def convertible(item: Item, unit: str) -> bool:
    """Whether the unit is the item's own, or the table converts it."""
    return same_unit(item, unit) or _line(item, unit) is not None


def same_unit(item: Item, unit: str) -> bool:
    """Whether the unit is the item's, in whatever spelling; none at all is the item's too."""
    return unit in ("", item.unit) or canonical(unit) == canonical(item.unit or "1")


def convert(item: Item, amount: Decimal, unit: str) -> Decimal | None:
    """Return the amount in the item's unit, rounded half up to its decimals where it was converted; None without a way."""
    if same_unit(item, unit):
        return amount
    line = _line(item, unit)
    if line is None:
        return None
    factor, added = line
    with localcontext(prec=_PRECISION):
        exact = amount * Decimal(factor) + Decimal(added)
        return exact.quantize(Decimal(1).scaleb(-item.decimals), ROUND_HALF_UP)


def _line(item: Item, unit: str) -> tuple[str, str] | None:
    pair = canonical(unit), canonical(item.unit or "1")
    return _CONVERSIONS.get((_ANY, *pair)) or _CONVERSIONS.get((item.name, *pair))
