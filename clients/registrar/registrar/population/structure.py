"""What a checkup document must look like, as a table: elements in order, how often, and their attributes.

The ministry's schemas are not part of this project. This table states the part of hc08_V08 and ix08_V08 that documents of this
population use, so that their form can be checked on any machine.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from health.items import CHOICE_ROOT
from lxml import etree

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ROOT = re.escape(CHOICE_ROOT)
_OID = r"[0-2](\.(0|[1-9]\d*))+"
_DAY = r"[12]\d{3}(0[1-9]|1[0-2])([0-2]\d|3[01])"
_ANY = r"(?s).+"
_NI = {"nullFlavor": "NI"}


@dataclass(frozen=True, slots=True)
class Part:
    """An element: attributes as name -> pattern (`?` before a name makes it optional), children as name -> (least, most)."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    text: str | None = None


_MANY = 1_000_000
_ONE, _OPTIONAL, _SEVERAL = (1, 1), (0, 1), (1, _MANY)


def _coded(system: str) -> Part:
    return Part({"code": r"\S+", "codeSystem": _ROOT + system, "?displayName": _ANY})


def _id(roots: str) -> Part:
    return Part({"?nullFlavor": "NI", "?root": _ROOT + f"({roots})", "?extension": r"\S{1,20}"})


_ORGANIZATION = {"representedOrganization": (0, 1)}
TABLE: Mapping[str, Part] = {
    "ClinicalDocument": Part(
        {XSI + "schemaLocation": _ANY},
        {
            **dict.fromkeys(("typeId", "id", "code", "effectiveTime", "confidentialityCode", "recordTarget", "author"), _ONE),
            "custodian": _ONE,
            "participant": _OPTIONAL,
            "documentationOf": _ONE,
            "component": _ONE,
        },
    ),
    "ClinicalDocument/typeId": Part({"root": r"2\.16\.840\.1\.113883\.1\.3", "extension": "POCD_HD000040"}),
    "id": Part(_NI),
    "ClinicalDocument/code": Part({"code": "10|4[0-4]", "codeSystem": _ROOT + "1001"}),
    "ClinicalDocument/effectiveTime": Part({"value": _DAY}),
    "confidentialityCode": Part({"code": "N"}),
    "recordTarget": Part(children={"patientRole": _ONE}),
    "patientRole": Part(children={"id": (3, 5), "addr": _ONE, "patient": _ONE}),
    "patientRole/id": _id("101|204|205|206|211"),
    "addr": Part(children={"postalCode": _ONE}, text=_ANY),
    "postalCode": Part(text=r"\d{3}-\d{4}"),
    "patient": Part(children={"name": _ONE, "administrativeGenderCode": _ONE, "birthTime": _ONE}),
    "name": Part(text=_ANY),
    "administrativeGenderCode": Part({"code": "[12]", "codeSystem": _ROOT + "1104"}),
    "birthTime": Part({"value": _DAY}),
    "author": Part(children={"time": _ONE, "assignedAuthor": _ONE}),
    "author/time": Part({"?value": _DAY, "?nullFlavor": "NI"}),
    "assignedAuthor": Part(children={"id": _ONE, "assignedPerson": _OPTIONAL, **_ORGANIZATION}),
    "assignedPerson": Part(children={"name": _ONE}),
    "representedOrganization": Part(children=dict.fromkeys(("id", "name", "telecom", "addr"), _ONE)),
    "representedOrganization/id": Part({"root": _ROOT + "102", "extension": r"\d{10}"}),
    "telecom": Part({"value": r"tel:[\d-]+"}),
    "custodian": Part(children={"assignedCustodian": _ONE}),
    "assignedCustodian": Part(children={"representedCustodianOrganization": _ONE}),
    "representedCustodianOrganization": Part(children={"id": _ONE}),
    "participant": Part({"typeCode": "HLD"}, {"functionCode": _ONE, "time": _ONE, "associatedEntity": _ONE}),
    "functionCode": _coded("208"),
    "participant/time": Part(children={"high": _ONE}),
    "high": Part({"value": _DAY}),
    "associatedEntity": Part({"classCode": "IDENT"}, {"id": _ONE, "scopingOrganization": _ONE}),
    "associatedEntity/id": Part({"root": _ROOT + r"209\.[1-9]\d{8}", "extension": r"\d{11}"}),
    "scopingOrganization": Part(children={"id": _ONE}),
    "scopingOrganization/id": Part({"root": _ROOT + "101", "extension": r"\d{8}"}),
    "documentationOf": Part(children={"serviceEvent": _ONE}),
    "serviceEvent": Part(children={"code": _ONE, "effectiveTime": _ONE, "performer": _ONE}),
    "serviceEvent/code": Part({"code": r"\d{3}", "codeSystem": _ROOT + "1002"}),
    "serviceEvent/effectiveTime": Part({"value": _DAY}),
    "performer": Part({"typeCode": "PRF"}, {"assignedEntity": _ONE}),
    "assignedEntity": Part(children={"id": _ONE, **_ORGANIZATION}),
    "ClinicalDocument/component": Part(children={"structuredBody": _ONE}),
    "structuredBody": Part(children={"component": _SEVERAL}),
    "structuredBody/component": Part(children={"section": _ONE}),
    "section": Part(children={"code": _ONE, "title": _ONE, "text": _ONE, "entry": _SEVERAL}),
    "section/code": _coded("1010"),
    "title": Part(text=_ANY),
    "text": Part(children={"list": _ONE}),
    "list": Part(children={"item": _SEVERAL}),
    "item": Part(text=_ANY),
    "entry": Part(children={"observation": _ONE}),
    "observation": Part(
        {"classCode": "OBS", "moodCode": "EVN", "?negationInd": "true"},
        {
            "code": _ONE,
            **dict.fromkeys(("value", "interpretationCode", "methodCode", "author"), _OPTIONAL),
            "entryRelationship": (0, _MANY),
        },
    ),
    "observation/code": Part({"?code": "[0-9A-Z]{17}", "?nullFlavor": "NA", "?displayName": _ANY}),
    "value": Part(
        {
            XSI + "type": "PQ|CD|CO|ST",
            "?value": r"-?\d+(\.\d+)?",
            "?unit": r"\S+",
            "?code": r"\S+",
            "?codeSystem": _OID,
            "?nullFlavor": "NI|PINF|NINF",
        },
        text="(?s).*",
    ),
    "interpretationCode": Part({"code": "[HLN]"}),
    "methodCode": Part({"code": "[0-9A-Z]{5,10}"}),
    "entryRelationship": Part({"typeCode": "COMP|RSON"}, {"observation": _ONE}),
    "index": Part(
        {XSI + "schemaLocation": _ANY},
        {
            "interactionType": _ONE,
            "creationTime": _ONE,
            "sender": _ONE,
            "receiver": _OPTIONAL,
            "serviceEventType": _ONE,
            "totalRecordCount": _ONE,
        },
    ),
    "interactionType": Part({"code": "[1-9]|1[0-9]|20"}),
    "creationTime": Part({"value": _DAY}),
    "sender": Part(children={"id": _ONE}),
    "sender/id": Part({"root": _ROOT + "10[1-3]", "extension": r"\d{8}|\d{10}"}),
    "receiver": Part(children={"id": _ONE}),
    "receiver/id": Part({"root": _ROOT + "10[1235]", "extension": r"\d{8}|\d{10}"}),
    "serviceEventType": Part({"code": "[1-9]"}),
    "totalRecordCount": Part({"value": r"\d{1,8}"}),
}


def faults(root: etree._Element) -> Iterator[str]:
    """Yield one line per departure from the table, each naming the element's path and nothing of its content."""
    name = etree.QName(root).localname
    yield from _faults(root, name, name)


def _faults(element: etree._Element, name: str, path: str) -> Iterator[str]:
    parent = path.rpartition("/")[0].rpartition("/")[2]
    part = TABLE.get(f"{parent}/{name}") or TABLE.get(name)
    if part is None:
        yield f"{path}: not in the table"
        return
    yield from _attribute_faults(element, part, path)
    if re.fullmatch(part.text or r"\s*", "".join([element.text or "", *(child.tail or "" for child in element)])) is None:
        yield f"{path}: text"
    names = [etree.QName(child).localname for child in element]
    order = list(part.children)
    for known in sorted(set(names) | set(order)):
        least, most = part.children.get(known, (0, 0))
        if not least <= names.count(known) <= most:
            yield f"{path}/{known}: {names.count(known)} times"
    places = [order.index(known) for known in names if known in order]
    if places != sorted(places):
        yield f"{path}: order"
    for child, child_name in zip(element, names, strict=True):
        yield from _faults(child, child_name, f"{path}/{child_name}")


def _attribute_faults(element: etree._Element, part: Part, path: str) -> Iterator[str]:
    allowed = {name.removeprefix("?"): pattern for name, pattern in part.attributes.items()}
    for name in sorted({str(key) for key in element.keys()} - set(allowed)):  # noqa: SIM118 - not a mapping
        yield f"{path}@{name}: not in the table"
    for name, pattern in allowed.items():
        value = element.get(name)
        if value is None and name in part.attributes:
            yield f"{path}@{name}: missing"
        if value is not None and re.fullmatch(pattern, value) is None:
            yield f"{path}@{name}: form"
