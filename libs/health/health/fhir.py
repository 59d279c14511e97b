"""How results of a checkup are named in FHIR R4, at whichever end they are written.

Item codes, choice lists and the categories of items follow the Japanese checkup report (健診結果報告書, JP eCheckup 1.3.1),
reasons for having no value its invariants emc-obs-3 to 5 and, where those say nothing,
http://hl7.org/fhir/R4/valueset-data-absent-reason.html.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from .items import ITEM_SYSTEM

ITEMS = f"urn:oid:{ITEM_SYSTEM}"
"""The ministry's 17-digit item codes (特定健診項目コード)."""
JLAC10 = "urn:oid:1.2.392.200119.4.504"
"""JLAC10 (臨床検査項目分類コード), 17 digits."""
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
OBSERVATION_CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
JP_CATEGORIES = "http://jpfhir.jp/fhir/core/CodeSystem/JP_SimpleObservationCategory_CS"
ABSENT_REASONS = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
INTERPRETATIONS = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"

JpCategory = Literal["body-measurement", "vital-signs", "laboratory", "exam", "survey", "social-history"]

ABSENT: Mapping[str, str] = MappingProxyType(
    {
        "not-performed": "not-performed",
        "not-measurable": "error",
        "above-range": "positive-infinity",
        "below-range": "negative-infinity",
    }
)
"""The reason's code for each way in which a result has no value."""
CANCELLED = frozenset({"not-performed", "not-measurable"})
"""Ways of having no value in which the observation's status is ``cancelled``; of all others it is ``final``."""

_LABORATORY = tuple("12345678")
_BY_PREFIX: tuple[tuple[str, JpCategory], ...] = (
    ("9N001", "body-measurement"),
    ("9N006", "body-measurement"),
    ("9N011", "body-measurement"),
    ("9N016", "body-measurement"),
    ("9N021", "body-measurement"),
    ("9A75", "vital-signs"),
    ("9A76", "vital-signs"),
    ("9N141", "laboratory"),
    ("9N50", "survey"),
    ("9N7", "social-history"),
    ("9N8", "social-history"),
    ("9N9", "social-history"),
)


def jp_category(code: str) -> JpCategory:
    """Return the category of an item in the Japanese checkup report."""
    if is_jlac10(code):
        return "laboratory"
    return next((category for prefix, category in _BY_PREFIX if code.startswith(prefix)), "exam")


def category(code: str) -> str:
    """Return the category of an item by HL7's own list, which counts body measurements among the vital signs."""
    found = jp_category(code)
    return "vital-signs" if found == "body-measurement" else found


def is_jlac10(code: str) -> bool:
    """Whether an item code is one of JLAC10: a specimen's analysis. The ministry's own begin with a 9."""
    return code.startswith(_LABORATORY)
