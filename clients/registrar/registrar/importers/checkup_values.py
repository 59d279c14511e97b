"""One observation of a checkup document to a typed result."""

import re
from collections.abc import Mapping
from decimal import Decimal

from health.items import CHOICE_ROOT, Item, Kind, by_code, choice_list
from lxml import etree

from .checkup_header import NS
from .rows import Observation, Status
from .safe_xml import all_text
from .text import fold, has_controls

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_CODE = re.compile(r"[0-9A-Z]{17}")
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,6})?", re.ASCII)
_OID = re.compile(r"[0-2](\.\d{1,20}){1,30}", re.ASCII)
_CHOICE = re.compile(r"[0-9A-Za-z.+-]{1,20}")
_UNIT = re.compile(r"[!-~]{1,30}")
_NULLS: Mapping[str, Status] = {"NI": "not-measurable", "PINF": "above-range", "NINF": "below-range"}
_KINDS: Mapping[str, Kind] = {"PQ": "PQ", "CD": "CD", "CE": "CD", "CV": "CD", "CO": "CO", "ST": "ST"}
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
_TEXT_LIMIT = 1000
DOCTOR = "9N516000000000049"


class ResultError(Exception):
    """The result cannot be used; `code` is a report code, `item` a 17-digit code or empty."""

    def __init__(self, code: str, item: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.item = item


def parse_observation(element: etree._Element, group: int | None, reason: bool) -> Observation:
    """Read one coded observation; ResultError for a value that cannot be kept."""
    named = element.find(f"{NS}code")
    code = fold((named.get("code") if named is not None else "") or "").upper()
    if _CODE.fullmatch(code) is None:
        raise ResultError("item-code-bad")
    item = by_code().get(code)
    value = element.find(f"{NS}value")
    kind = _kind(item, code, value)
    status = _status(element, value, code)
    measured = value if status == "measured" else None
    content, unit, system = _content(kind, item, code, measured)
    return Observation(
        code=code,
        name=item.name if item else None,
        method=item.method if item else None,
        kind=kind,
        status=status,
        value=content,
        unit=unit,
        code_system=system,
        interpretation=_interpretation(element),
        group=group,
        reason=reason,
    )


def doctor_of(element: etree._Element) -> Observation | None:
    """Return the person who judged, whom the format hides in the observation's author."""
    name = element.find(f"{NS}author/{NS}assignedAuthor/{NS}assignedPerson/{NS}name")
    words = fold(all_text(name)) if name is not None else ""
    if not words or len(words) > _TEXT_LIMIT or has_controls(words):
        return None
    return Observation(DOCTOR, by_code()[DOCTOR].name, None, "ST", "measured", words)


def identifying(observation: Observation) -> bool:
    """Whether the result may name somebody: text always, whatever the table marks, and codes of which nothing is known."""
    item = by_code().get(observation.code)
    return item is None or item.identifying or observation.kind == "ST"


def _kind(item: Item | None, code: str, value: etree._Element | None) -> Kind:
    """Return the value's type; results without one take the item's. CD and CO are used interchangeably in the wild."""
    declared = ((value.get(_XSI_TYPE) if value is not None else None) or "").rpartition(":")[2]
    kind = _KINDS.get(declared)
    if kind is None:
        if declared or (item is None and value is not None):
            raise ResultError("item-type-mismatch", code)
        return item.kind if item else "ST"
    if item is None or kind == item.kind:
        return kind
    if {kind, item.kind} == {"CD", "CO"}:
        return item.kind
    raise ResultError("item-type-mismatch", code)


def _status(element: etree._Element, value: etree._Element | None, code: str) -> Status:
    if element.get("negationInd") == "true":
        return "not-done"
    if value is None:
        raise ResultError("item-value-missing", code)
    flavor = value.get("nullFlavor")
    return "measured" if flavor is None else _NULLS.get(flavor, "missing")


def _content(
    kind: Kind, item: Item | None, code: str, value: etree._Element | None
) -> tuple[Decimal | str | None, str | None, str | None]:
    """Value, unit and choice list; all None where there is no measured value."""
    if value is None:
        return None, None, None
    if kind == "PQ":
        return *_quantity(item, code, value), None
    if kind == "ST":
        return _text(code, value), None, None
    return _choice(item, code, value)


def _quantity(item: Item | None, code: str, value: etree._Element) -> tuple[Decimal, str | None]:
    raw = fold(value.get("value") or "")
    if _NUMBER.fullmatch(raw) is None:
        raise ResultError("item-not-a-number" if raw else "item-value-missing", code)
    amount = Decimal(raw)
    unit = fold(value.get("unit") or "")
    if item is None:
        return amount, unit if _UNIT.fullmatch(unit) else None
    if unit not in ("", item.unit) and _canonical(unit) != _canonical(item.unit or "1"):
        raise ResultError("item-unit-unknown", code)
    if (item.low is not None and amount < item.low) or (item.high is not None and amount > item.high):
        raise ResultError("item-out-of-range", code)
    return amount, item.unit


def _canonical(unit: str) -> str:
    """One spelling of a unit: case and blanks do not count, known aliases are one."""
    plain = "".join(unit.split()).lower().replace("μ", "u").replace("µ", "u")
    return _ALIASES.get(plain, plain)


def _choice(item: Item | None, code: str, value: etree._Element) -> tuple[str, None, str | None]:
    """Return the answer and its list: the one the file names, which must be one of the item's, or else the item's first."""
    answer = fold(value.get("code") or "")
    if not answer:
        raise ResultError("item-value-missing", code)
    if _CHOICE.fullmatch(answer) is None:
        raise ResultError("item-choice-unknown", code)
    named = fold(value.get("codeSystem") or "")
    if item is None:
        return answer, None, named if _OID.fullmatch(named) else None
    known = [f"{CHOICE_ROOT}{number}" for number in item.choices]
    system = named or (known[0] if known else "")
    answers = choice_list(system) if system in known else None
    if answers is None or answer not in answers:
        raise ResultError("item-choice-unknown", code)
    return answer, None, system


def _text(code: str, value: etree._Element) -> str:
    words = fold(all_text(value))
    if not words:
        raise ResultError("item-value-missing", code)
    if len(words) > _TEXT_LIMIT or has_controls(words.replace("\n", " ").replace("\t", " ").replace("\r", " ")):
        raise ResultError("item-text-too-long", code)
    return words


def _interpretation(element: etree._Element) -> str | None:
    found = element.find(f"{NS}interpretationCode")
    code = found.get("code") if found is not None else None
    return code if code in ("H", "L", "N") else None
