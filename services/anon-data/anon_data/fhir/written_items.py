"""The code table's entries as the parts of an observation that are the same in every record, written and encoded once a table."""

import json
from dataclasses import dataclass

from health.fhir import INTERPRETATIONS, ITEMS, JLAC10, LOINC, OBSERVATION_CATEGORIES, UCUM, category, is_jlac10
from protocol.messages.records import Item

FLAGS = {
    "-": b"}",
    **{
        flag: f',"interpretation":[{{"coding":[{{"system":"{INTERPRETATIONS}","code":"{flag}"}}]}}]}}'.encode()
        for flag in ("H", "L", "N")
    },
}
"""The end of an observation by its flag."""


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """What every observation of an item has in common."""

    code: str
    codings: frozenset[tuple[str, str]]
    category: str
    head: bytes
    """The resource's JSON from the category to the beginning of its day."""
    unit: bytes
    """What follows a value's number."""
    choices: dict[str, bytes]
    """What stands for each choice of the list."""
    choice_system: str
    """What stands before a choice outside of the labels."""

    def choice(self, code: str) -> bytes:
        """Return a coded value."""
        return self.choices.get(code) or f'"valueCodeableConcept":{{"coding":[{{{self.choice_system}"code":"{code}"}}]}}'.encode()


def written_item(item: Item) -> WrittenItem:
    """Write one entry."""
    codings = [{"system": ITEMS, "code": item.code, "display": item.display}]
    if is_jlac10(item.code):
        codings.append({"system": JLAC10, "code": item.code})
    if item.loinc:
        codings.append({"system": LOINC, "code": item.loinc})
    found = category(item.code)
    head = {
        "category": [{"coding": [{"system": OBSERVATION_CATEGORIES, "code": found}]}],
        "code": {"coding": codings, "text": item.display},
        "subject": {"reference": "Patient/me"},
        "effectiveDateTime": "",
    }
    unit = {"unit": item.unit, "system": UCUM, "code": item.unit} if item.unit else {}
    system = {"system": f"urn:oid:{item.choices}"} if item.choices else {}
    return WrittenItem(
        item.code,
        frozenset((one["system"], one["code"]) for one in codings),
        found,
        _json(head)[1:-2].encode(),
        f",{_json(unit)[1:]}".encode() if unit else b"}",
        {
            code: _json({"valueCodeableConcept": {"coding": [{**system, "code": code, "display": label}]}})[1:-1].encode()
            for code, label in (item.labels or {}).items()
        },
        f"{_json(system)[1:-1]}," if system else "",
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
