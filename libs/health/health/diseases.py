"""Groups of diseases: chapters of the classifications, joined so that older and newer ones have the same.

Receipts name diagnoses by 7-digit codes of two kinds: older ones are numbered by ICD-9, later ones (88...) in no order. Statistics
of health insurance use classes of four digits (社会保険表章用疾病分類), of which two are a chapter of ICD-10; where ICD-10 has
several chapters for one of ICD-9 (nerves, eyes, ears) they are one group here.
"""

OTHER = "other"

_OLDER = (
    (140, "infectious"),
    (240, "neoplasms"),
    (280, "endocrine"),
    (290, "blood"),
    (320, "mental"),
    (390, "nervous"),
    (460, "circulatory"),
    (520, "respiratory"),
    (580, "digestive"),
    (630, "genitourinary"),
    (680, "pregnancy"),
    (710, "skin"),
    (740, "musculoskeletal"),
    (760, "congenital"),
    (780, "perinatal"),
    (800, "symptoms"),
    (1000, "injury"),
)
"""The chapters of ICD-9: the first three digits below which each ends."""
_CHAPTERS = {
    "01": "infectious",
    "02": "neoplasms",
    "03": "blood",
    "04": "endocrine",
    "05": "mental",
    **dict.fromkeys(("06", "07", "08"), "nervous"),
    "09": "circulatory",
    "10": "respiratory",
    "11": "digestive",
    "12": "skin",
    "13": "musculoskeletal",
    "14": "genitourinary",
    "15": "pregnancy",
    "16": "perinatal",
    "17": "congenital",
    "18": "symptoms",
    "19": "injury",
}
"""Chapters of ICD-10 as classes begin."""
_NEW_NUMBERS = "88"
GROUPS = (*(name for _, name in _OLDER), OTHER)


def group_of(diagnosis: str) -> str:
    """Return the group of a 7-digit diagnosis code."""
    if diagnosis.startswith(("000", _NEW_NUMBERS)):
        return OTHER
    return next(name for end, name in _OLDER if int(diagnosis[:3]) < end)


def group_of_class(number: str) -> str:
    """Return the group of a class of four digits."""
    return _CHAPTERS.get(number[:2], OTHER)
