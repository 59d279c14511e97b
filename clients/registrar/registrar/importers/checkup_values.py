"""One observation of a checkup document to a typed result."""

from collections.abc import Mapping

from lxml import etree

from registrar.items import Kind

from .checkup_header import NS
from .results import Raw, ResultError, doctor, item_code, kind_of, observe
from .rows import Observation, Status
from .safe_xml import all_text
from .terms import Term

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NULLS: Mapping[str, Status] = {"NI": "not-measurable", "PINF": "above-range", "NINF": "below-range"}


def parse_observation(element: etree._Element, group: int | None, reason: bool, term: Term) -> Observation:
    """Read one coded observation; ResultError for a value that cannot be kept."""
    named = element.find(f"{NS}code")
    code = item_code((named.get("code") if named is not None else "") or "")
    value = element.find(f"{NS}value")
    declared = ((value.get(_XSI_TYPE) if value is not None else None) or "").rpartition(":")[2]
    kind = kind_of(code, declared, valued=value is not None)
    status = _status(element, value, code)
    found = element.find(f"{NS}interpretationCode")
    return observe(
        Raw(
            code=code,
            kind=kind,
            value=_raw_value(kind, value),
            unit=_attribute(value, "unit"),
            system=_attribute(value, "codeSystem"),
            status=status,
            interpretation=found.get("code") if found is not None else None,
            group=group,
            reason=reason,
            term=term,
        )
    )


def doctor_of(element: etree._Element) -> Observation | None:
    """Return the person who judged, whom the format hides in the observation's author."""
    name = element.find(f"{NS}author/{NS}assignedAuthor/{NS}assignedPerson/{NS}name")
    return doctor(all_text(name)) if name is not None else None


def _attribute(value: etree._Element | None, name: str) -> str:
    return (value.get(name) or "") if value is not None else ""


def _raw_value(kind: Kind, value: etree._Element | None) -> str:
    if value is None or kind == "ST":
        return all_text(value) if value is not None else ""
    return _attribute(value, "value" if kind == "PQ" else "code")


def _status(element: etree._Element, value: etree._Element | None, code: str) -> Status:
    if element.get("negationInd") == "true":
        return "not-done"
    if value is None:
        raise ResultError("item-value-missing", code)
    flavor = value.get("nullFlavor")
    return "measured" if flavor is None else _NULLS.get(flavor, "missing")
