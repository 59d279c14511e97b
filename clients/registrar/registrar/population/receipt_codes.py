"""A few common codes for invented receipts.

Points are roughly those of 2024. Drugs and prices (yen) are as in the master of January 2026; the other codes have the right
form and the usual meaning, but nothing here depends on either.
"""

from typing import NamedTuple


class Act(NamedTuple):
    """An act: 9-digit code, section, points, plain name."""

    code: str
    section: str
    points: int
    name: str


class Drug(NamedTuple):
    """A drug: 9-digit code, price of one tablet (yen), plain name, how many a day."""

    code: str
    price: float
    name: str
    daily: int


class Condition(NamedTuple):
    """What somebody may have: 7-digit diagnosis code, plain name, its drug."""

    code: str
    name: str
    drug: Drug


FIRST_VISIT = Act("111000110", "11", 291, "first visit")
REVISIT = Act("112007410", "12", 75, "visit")
MANAGEMENT = Act("112011010", "12", 52, "outpatient management")
PRESCRIPTION = Act("120002910", "80", 60, "prescription for a pharmacy")
DISPENSING = Act("120001210", "21", 11, "dispensing")
BLOOD_DRAWN = Act("160095710", "60", 40, "blood drawn")
BLOOD_COUNT = Act("160008010", "60", 21, "blood count")
HBA1C = Act("160010010", "60", 49, "haemoglobin A1c")
BLOOD_JUDGED = Act("160061810", "60", 125, "judgement of blood tests")
POLYP_REMOVED = Act("150183410", "50", 7000, "removal of a polyp of the colon by endoscope")
WARD_DAY = Act("190117710", "90", 1688, "a day on an acute ward")

CILNIDIPINE = Drug("610407148", 23.7, "cilnidipine 10 mg", 1)
VOGLIBOSE = Drug("610406390", 14.5, "voglibose 0.2 mg", 3)
BEZAFIBRATE = Drug("610407028", 10.6, "bezafibrate 100 mg", 2)
PEMIROLAST = Drug("610406401", 20.1, "pemirolast 5 mg", 2)
CARBOCISTEINE = Drug("610407447", 10.4, "carbocisteine 500 mg", 3)
ETODOLAC = Drug("610406388", 12.3, "etodolac 200 mg", 2)

DRUGS = (CILNIDIPINE, VOGLIBOSE, BEZAFIBRATE, PEMIROLAST, CARBOCISTEINE, ETODOLAC)

HYPERTENSION = Condition("4019014", "hypertension", CILNIDIPINE)
DIABETES = Condition("2500015", "type 2 diabetes", VOGLIBOSE)
CHOLESTEROL = Condition("2720004", "high cholesterol", BEZAFIBRATE)
RHINITIS = Condition("4779004", "allergic rhinitis", PEMIROLAST)
COLD = Condition("4659007", "acute infection of the upper airways", CARBOCISTEINE)
LEG_PAIN = Condition("7291003", "muscle pain of the leg", ETODOLAC)
COLON_POLYP = Condition("8851725", "hyperplastic polyp of the colon", ETODOLAC)

DIAGNOSIS_GROUP = "060100xx01xx0x"
"""Benign disease of the small and large bowel, with an operation."""
TEXT_COMMENT = "810000001"
"""The comment code for free words."""
