"""One observation of a checkup document to a typed result."""

from collections.abc import Mapping
from dataclasses import dataclass

from health.items import Kind
from lxml import etree

from .checkup_header import NS
from .results import Raw, ResultError, doctor, item_code, kind_of, observe
from .rows import Observation, Status
from .safe_xml import all_text
from .terms import Term

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NULLS: Mapping[str, Status] = {"NI": "not-measurable", "PINF": "above-range", "NINF": "below-range"}


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """The parts of a value element as they are written, all empty where there is no element."""

    declared: str = ""
    number: str = ""
    code: str = ""
    text: str = ""
    unit: str = ""
    system: str = ""

    def written(self, kind: Kind) -> str:
        """Return the part in which a value of that type stands."""
        return self.number if kind == "PQ" else self.text if kind == "ST" else self.code


def value_of(element: etree._Element | None) -> Value:
    """Return the parts of a value element."""
    if element is None:
        return Value()
    return Value(
        declared=(element.get(_XSI_TYPE) or "").rpartition(":")[2],
        number=element.get("value") or "",
        code=element.get("code") or "",
        text=all_text(element),
        unit=element.get("unit") or "",
        system=element.get("codeSystem") or "",
    )


def parse_observation(element: etree._Element, group: int | None, reason: bool, term: Term) -> Observation:
    """Read one coded observation; ResultError for a value that cannot be kept."""
    named, value = element.find(f"{NS}code"), element.find(f"{NS}value")
    code = item_code((named.get("code") if named is not None else "") or "")
    said = value_of(value)
    kind = kind_of(code, said.declared, valued=value is not None)
    status = status_of(element, value, code)
    found = element.find(f"{NS}interpretationCode")
    flag = found.get("code") if found is not None else None
    return observe(Raw(code, kind, said.written(kind), said.unit, said.system, status, flag, group, reason, term))


def doctor_of(element: etree._Element) -> Observation | None:
    """Return the person who judged, whom the format hides in the observation's author."""
    name = element.find(f"{NS}author/{NS}assignedAuthor/{NS}assignedPerson/{NS}name")
    return doctor(all_text(name)) if name is not None else None


def status_of(element: etree._Element, value: etree._Element | None, code: str) -> Status:
    """Return whether there is a value, and why not; ResultError where there is neither."""
    if element.get("negationInd") == "true":
        return "not-done"
    if value is None:
        raise ResultError("item-value-missing", code)
    flavor = value.get("nullFlavor")
    return "measured" if flavor is None else _NULLS.get(flavor, "missing")
