"""An invented population whose true numbers the tests know: 5,000 people, two fiscal years, workplaces from large to tiny."""

import random
from collections.abc import Iterator, Mapping
from functools import cache

from analysis import MemberYear
from analysis.member_years import Disease

YEARS = (2024, 2025)
_WORKPLACES = ("harbour", "mill", "quarry", "depot", "kiosk")
_DISEASES = (
    (Disease("0901", "circulatory"), 0.2),
    (Disease("0902", "circulatory"), 0.05),
    (Disease(None, "circulatory"), 0.05),
    (Disease("0402", "endocrine"), 0.1),
    (Disease("0504", "mental"), 0.04),
    (Disease("0208", "neoplasms"), 0.0004),
    (Disease(None, "other"), 0.3),
)
_SHARES = (60, 25, 10, 4.9, 0.1)


@cache
def population(people: int = 5000, seed: int = 7) -> tuple[MemberYear, ...]:
    """Return every member-year; the same for the same seed."""
    chance = random.Random(seed)
    return tuple(row for number in range(people) for row in _member(number, chance))


def _member(number: int, chance: random.Random) -> Iterator[MemberYear]:
    workplace = chance.choices(_WORKPLACES, _SHARES)[0]
    sex, relation = chance.choice(("male", "female")), chance.choices(("insured", "dependant"), (65, 35))[0]
    age = min(98, int(abs(chance.gauss(0, 25)) + (25 if relation == "insured" else 5)))
    frail = chance.random() < 0.2
    others = random.Random(number)
    for year in YEARS:
        said = _attributes(chance, age, frail=frail)
        yield MemberYear(
            number.to_bytes(4),
            year,
            age + year - YEARS[0],
            sex,
            relation,
            workplace,
            {**said, **_later(others, said), **_screened(number, year)},
            _amounts(chance, frail=frail),
            _diseases(others, frail=frail),
        )


def _attributes(chance: random.Random, age: int, *, frail: bool) -> dict[str, str]:
    def yes(probability: float) -> str:
        return "yes" if chance.random() < probability else "no"

    halves = [f"participation-{half}" for half in ("summer", "winter") if chance.random() < 0.5]
    told = {half: chance.choice(("none", "some", "regular")) for half in halves}
    examined = age >= 20 and chance.random() < 0.75
    if not examined:
        return {"examined": "no", **told}
    level = chance.choices(("active", "motivational", "information"), (15, 15, 70))[0] if age >= 40 else None
    return {
        "examined": "yes",
        "smoking": yes(0.25),
        "syndrome": chance.choices(("present", "at-risk", "absent"), (50, 20, 30) if frail else (8, 12, 80))[0],
        **({"guidance-level": level} if level else {}),
        **({"guidance": chance.choice(("none", "begun", "completed"))} if level in {"active", "motivational"} else {}),
        **{f"risk-{name}": yes(0.5 if frail else 0.2) for name in ("obesity", "pressure", "liver", "lipids", "glucose")},
        **{name: chance.choice(("good", "poor")) for name in ("exercise", "eating", "drinking", "sleep")},
        "urgency": chance.choices(("none", "first", "second"), (85, 12, 3))[0],
        **told,
    }


def _later(chance: random.Random, said: Mapping[str, str]) -> dict[str, str]:
    portal = {"portal_use": chance.choice(("none", "some", "monthly")), "portal_before": chance.choice(("yes", "no"))}
    seen = {f"doctor_{months}_months": "yes" if chance.random() < 0.05 * months + 0.3 else "no" for months in (3, 10)}
    return {
        **(portal if chance.random() < 0.4 else {}),
        **(seen if said.get("urgency", "none") != "none" else {}),
    }


def _screened(number: int, year: int) -> dict[str, str]:
    chance = random.Random(f"screened {number} {year}")
    kinds = ("stomach", "lung", "colorectal", "breast", "cervix")
    return {f"screening_{kind}": "yes" if chance.random() < 0.4 else "no" for kind in kinds if chance.random() < 0.9}


def _diseases(chance: random.Random, *, frail: bool) -> dict[Disease, float]:
    """Draw what somebody was treated for: a rare class, classes of one group, and codes of whose class nothing is known."""
    found = [disease for disease, share in _DISEASES if chance.random() < share * (2 if frail else 1)]
    return {disease: int(chance.lognormvariate(11, 1.8)) for disease in found}


def _amounts(chance: random.Random, *, frail: bool) -> dict[str, float]:
    claims = min(80, int(chance.expovariate(1 / (9 if frail else 3))))
    days = sum(chance.choice((1, 1, 2, 5)) for _ in range(claims))
    medical = sum(int(chance.lognormvariate(10, 1.6)) // 10 * 10 for _ in range(claims))
    replaceable = chance.randrange(0, 4000) * (chance.random() < 0.4)
    return {
        "months": 12,
        "yen": medical + 10 * chance.randrange(0, 4000),
        "medical_claims": claims,
        "medical_days": days,
        "medical_yen": medical,
        "replaceable_amount": replaceable,
        "generic_amount": int(replaceable * chance.random()),
    }
